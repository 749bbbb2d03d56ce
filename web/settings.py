"""Settings of the web server: environment variables ``GEOAQ_*``, checked once."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from geoaq.errors import ConfigError
from geoaq.settings import data_dir
from web.basemap import Basemap, Kind, base_map


class Settings(BaseSettings):
    """What whoever runs the server may set; every field is the variable ``GEOAQ_<FIELD>``."""

    model_config = SettingsConfigDict(env_prefix="GEOAQ_", frozen=True, extra="ignore")

    #: The folder of all state.
    data: Path = Field(default_factory=data_dir)
    #: Address to listen on; loopback only until accounts exist.
    host: str = "127.0.0.1"
    #: Port to listen on.
    port: int = Field(default=5000, ge=1, le=65535)
    #: Largest upload, all files of one request together, MB.
    upload_mb: int = Field(default=50, ge=1, le=500)
    #: How long an upload may stand still, seconds.
    upload_patience_s: float = Field(default=15, gt=0)
    #: Screenings computed at the same time, each in its own process.
    job_slots: int = Field(default=1, ge=1, le=16)
    #: Screenings that may wait for a free slot.
    job_queue: int = Field(default=8, ge=0, le=100)
    #: Address space of one process, MB.
    job_memory_mb: int = Field(default=6144, ge=64)
    #: Processor time of one process, seconds.
    job_cpu_s: int = Field(default=900, ge=1)
    #: Time by the clock of one process, seconds.
    job_wall_s: float = Field(default=1800, gt=0)
    #: Largest file that one process may write, MB.
    job_file_mb: int = Field(default=2048, ge=1)
    #: Sheets and letters made at the same time, each in its own process.
    sheet_slots: int = Field(default=2, ge=1, le=4)
    #: Time by the clock of one sheet, and longest wait for its turn, seconds.
    sheet_wall_s: float = Field(default=30, gt=0)
    #: Time by the clock of looking one added layer through, seconds.
    layer_wall_s: float = Field(default=90, gt=0)
    #: What all screenings may take together, the deleted ones too, GB (10⁹ bytes); 0: no limit.
    storage_gb: float = Field(default=50, ge=0)
    #: What is kept free on the disk, MB; with less left no upload is taken in.
    disk_spare_mb: int = Field(default=500, ge=0)
    #: How long a deleted screening can be brought back, days.
    trash_days: int = Field(default=30, ge=1, le=3650)
    #: A base map from outside under the layers: none, tianditu, xyz or wmts.
    basemap: Kind = "none"
    #: Its address: a template (xyz), a service (wmts), another server than Tianditu's own (tianditu).
    basemap_url: str = Field(default="", max_length=500)
    #: Its key; part of what the page loads, because the browser fetches the tiles.
    basemap_key: SecretStr = SecretStr("")
    #: Its layer (wmts).
    basemap_layer: str = Field(default="", max_length=100)
    #: Its set of tiles in Web Mercator (wmts).
    basemap_matrix_set: str = Field(default="w", max_length=100)
    #: What the page calls it; its kind if nothing is stated.
    basemap_name: str = Field(default="", max_length=40)
    #: Whom the page credits; its name if nothing is stated.
    basemap_attribution: str = Field(default="", max_length=120)
    #: Number of the approval of the map (审图号), shown in its corner and in print.
    map_approval: str = Field(default="", max_length=60)
    #: Detections of fires are fetched from FIRMS every so many minutes; 0: not at all.
    fires_pull_minutes: int = Field(default=0, ge=0, le=1440)
    #: An installation without detections shows three days of 2022, from a store of their own.
    fires_demonstration: bool = True
    #: Command that a job runs, before its own arguments.
    job_command: tuple[str, ...] = (sys.executable, "-m", "geoaq")

    def base(self) -> Basemap | None:
        """Return the base map from outside, or None; see `web.basemap.base_map`."""
        return base_map(
            self.basemap,
            url=self.basemap_url,
            key=self.basemap_key.get_secret_value(),
            layer=self.basemap_layer,
            matrix_set=self.basemap_matrix_set,
            name=self.basemap_name,
            attribution=self.basemap_attribution,
        )


def read_settings(config: Mapping[str, Any] | None = None) -> Settings:
    """Return the settings: environment variables, then ``config`` over them.

    Raises
    ------
    ConfigError
        ``bad_setting``: a value that cannot be used; ``not_loopback``: see `require_loopback`.
    """
    try:
        settings = Settings(**(config or {}))
    except ValidationError as error:
        first = error.errors()[0]
        name = "GEOAQ_" + "_".join(str(part) for part in first["loc"][:1]).upper()
        raise ConfigError("bad_setting", name=name, value=str(first["input"]), detail=first["msg"]) from None
    require_loopback(settings.host)
    settings.base()
    return settings


def require_loopback(host: str) -> str:
    """Return ``host`` when it names this machine only.

    Raises
    ------
    ConfigError
        ``not_loopback``: other machines could reach it; there are no accounts yet.
    """
    if host == "localhost":
        return host
    try:
        loopback = ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise ConfigError("not_loopback", host=host)
    return host


def secret_key(data: Path) -> bytes:
    """Return the key that signs cookies: made at the first start, readable by its owner alone."""
    path = data / "secret.key"
    data.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_bytes()
        if len(key) < 32:
            raise ConfigError("bad_secret", name=path.name) from None
        return key
    key = secrets.token_bytes(48)
    with os.fdopen(handle, "wb") as file:
        file.write(key)
    return key
