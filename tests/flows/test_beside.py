"""Work in a second process: its result, its error, and its end when the work is stopped."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path
from pickle import PicklingError

import pytest

from geoaq.errors import LimitError
from geoaq.flows.beside import beside


def write_own_number(path: Path) -> None:
    path.write_text(str(os.getpid()))


def sleep_an_hour() -> None:
    time.sleep(3600)


def fail() -> None:
    raise ValueError("said by the other process")


@pytest.mark.parametrize(("worth_it", "same_process"), [(True, False), (False, True)])
def test_work_is_done_beside_only_where_it_is_worth_it(tmp_path, worth_it, same_process):
    with beside("json", worth_it=worth_it) as later:
        later(write_own_number, path=tmp_path / "number")(lambda: None)
    assert ((tmp_path / "number").read_text() == str(os.getpid())) is same_process


def test_what_the_other_process_raises_the_wait_raises():
    with beside("json", worth_it=True) as later:
        wait = later(fail)
        with pytest.raises(ValueError, match="said by the other process"):
            wait(lambda: None)


def test_stopping_ends_the_other_process_at_once():
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), beside("json", worth_it=True) as later:
        later(sleep_an_hour)(stop)
    assert not multiprocessing.active_children()


def test_errors_of_earlier_work_do_not_stop_later_work(tmp_path):
    with beside("json", worth_it=True) as later:
        later(fail)
        later(write_own_number, path=tmp_path / "number")(lambda: None)
        assert (tmp_path / "number").exists()


@pytest.mark.parametrize("busy", [True, False])
def test_a_process_that_the_system_ends_is_not_waited_for(busy):
    with beside("json", worth_it=True) as later:
        waits = [later(sleep_an_hour)] if busy else []
        (other,) = multiprocessing.active_children()
        os.kill(other.pid, signal.SIGKILL)
        other.join()
        waits.append(later(fail))
        for wait in waits:
            with pytest.raises(LimitError, match="memory"):
                wait(lambda: None)


def test_what_cannot_be_sent_is_an_error_here():
    with beside("json", worth_it=True) as later, pytest.raises((AttributeError, PicklingError)):
        later(fail, unknown=lambda: None)
