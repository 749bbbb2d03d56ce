"""No page is wider than its window, no card lies outside it, no text is cut off or in the wrong language."""

from __future__ import annotations

import re

import pytest

from geoaq.wording import catalogue
from tests.browser.served import watched

pytestmark = pytest.mark.browser
SIZES = {"desktop": (1440, 900), "laptop": (1024, 768), "phone": (390, 844)}
CODES = {word for code in catalogue() for word in (code, code.split(".")[1]) if re.search(r"[._]", word)}

# What is said is short: the first words of what is wrong, and why it is.
FAULTS = r"""codes => {
  const found = [], wide = innerWidth, high = innerHeight;
  const seen = one => one.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const name = one => `${one.tagName}.${one.className} “${one.textContent.trim().slice(0, 40)}”`;
  if (document.documentElement.scrollWidth > wide) found.push('the page scrolls sideways');
  for (const one of document.querySelectorAll('header.top a, .card, .tools, .years, .readout, .tabs')) {
    const box = one.getBoundingClientRect();
    if (!seen(one) || !box.width || one.matches('.skip')) continue;
    const below = document.body.matches('.room') && (box.top < -1 || box.bottom > high + 1);
    if (box.left < -1 || box.right > wide + 1 || below)
      found.push(`outside the window: ${name(one)}`);
  }
  for (const one of document.querySelectorAll('.tools .tool')) {
    const box = one.getBoundingClientRect();
    if (!seen(one) || !box.width) continue;
    const top = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
    if (!one.contains(top)) found.push(`under ${top ? name(top) : 'nothing'}: ${one.title}`);
  }
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.data.trim(), one = walk.currentNode.parentElement;
    if (!text || !seen(one) || one.closest('script, noscript, .off, .skip')) continue;
    if (text.includes('\ufffd')) found.push(`broken letters: ${text}`);
    if (codes.includes(text)) found.push(`a code in place of its sentence: ${text}`);
    const hidden = ['hidden', 'clip'].includes(getComputedStyle(one).overflowX);
    if (hidden && one.scrollWidth > one.clientWidth + 1 && !one.closest('[title]'))
      found.push(`cut off: ${name(one)}`);
    for (const word of walk.currentNode.data.matchAll(/[A-Za-z]{3,}/g)) {
      const range = document.createRange();
      range.setStart(walk.currentNode, word.index);
      range.setEnd(walk.currentNode, word.index + word[0].length);
      const boxes = [...range.getClientRects()].filter(box => box.width);
      const lines = new Set(boxes.map(box => Math.round(box.top)));
      if (lines.size > 1) found.push(`parted inside a word: ${word[0]}`);
    }
  }
  if (document.documentElement.lang === 'en') {
    const said = 'header.top nav a, button, label, th, summary, dt, h1, h2, h3, .name, .link, .button';
    for (const one of document.querySelectorAll(said)) {
      // Names, quoted sentences and what lists say of themselves stay as they are.
      if (!seen(one) || one.closest('article, .why-rule, [lang=zh-CN], .consultees, .near, .place')) continue;
      const words = [...one.childNodes].filter(node => node.nodeType === 3).map(node => node.data).join('');
      if (/[\u4e00-\u9fff]/.test(words)) found.push(`not in English: ${name(one)}`);
    }
  }
  return found;
}"""


@pytest.fixture(scope="module", params=["zh", "en"])
def lang(request):
    return request.param


@pytest.fixture(scope="module", params=SIZES)
def visit(request, browser, address, lang):
    """Return a page of one size and language, which may not complain, and the faults that are looked for."""
    complaints: list[str] = []
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height})
    context.add_cookies([{"name": "lang", "value": lang, "url": address}])
    page = watched(context.new_page(), address, complaints)
    yield page
    context.close()
    assert complaints == []


def faults(page) -> list[str]:
    return page.evaluate(FAULTS, sorted(CODES))


@pytest.mark.parametrize("path", ["/heating", "/border"])
def test_a_job_is_laid_out_with_each_of_its_cards_open(visit, address, path):
    visit.goto(f"{address}{path}")
    visit.wait_for_function("() => window.room && document.querySelectorAll('[data-layer]').length > 5")
    assert faults(visit) == []
    visit.evaluate("room.open_sheet('layers')")
    visit.click("[data-layer=provinces] .dots")
    assert faults(visit) == []


def test_a_screening_is_laid_out_with_each_of_its_cards_open(visit, screening):
    visit.goto(screening)
    visit.wait_for_selector("#list tbody tr")
    visit.wait_for_selector(".years")
    assert faults(visit) == []
    visit.click("#list tbody tr >> nth=0")
    visit.wait_for_selector("#why .why-facts")
    assert faults(visit) == []
    visit.evaluate("room.open_sheet('layers')")
    assert faults(visit) == []


@pytest.mark.parametrize(
    "path",
    ["/screenings", "/screenings/trash", "/about", "/point?at=119.52,31.06", "/nowhere"],
)
def test_a_page_of_text_is_laid_out(browser, visit, address, path):
    if path == "/nowhere":
        page = visit.context.new_page()
        page.goto(f"{address}{path}")
        assert faults(page) == []
        page.close()
        return
    visit.goto(f"{address}{path}")
    assert faults(visit) == []


@pytest.mark.parametrize("view", ["heating", "border"])
def test_the_first_view_shows_the_whole_country_beside_the_cards(opened, address, view):
    page = opened("", at=f"{address}/{view}")
    edges = page.evaluate(
        """() => { const box = name => document.querySelector(name).getBoundingClientRect();
        const at = (lat, lon) => map.latLngToContainerPoint([lat, lon]), top = box('#map').top;
        return { left: box('#layers').right, west: at(39, 73.5).x, east: at(48, 135.1).x,
          right: box('#upload').left, top, north: at(53.6, 123).y + top, south: at(3.8, 112).y + top,
          bottom: box('#map').bottom }; }"""
    )
    assert edges["left"] < edges["west"] < edges["east"] < edges["right"]
    assert edges["top"] < edges["north"] < edges["south"] < edges["bottom"]
