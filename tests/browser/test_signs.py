"""The signs of subjects: laid down in memory they are the picture that the browser itself would make."""

from __future__ import annotations

import pytest

from tests.browser.tiles_visit import drawn

pytestmark = pytest.mark.browser

# Both ways, over each other and over the edge; where the browser's own way has little opacity its colours are
# those of few bits, and are not compared.
BOTH = """ratio => {
    const side = 90 * ratio, sprites = geoaq.sprites(4.2, ratio), size = 2 * sprites.half * ratio;
    const [one, other] = [0, 1].map(() => document.createElement('canvas'));
    one.width = one.height = other.width = other.height = side;
    const own = other.getContext('2d'), stamps = geoaq.stamps(sprites.pictures, side, side);
    for (let i = 0; i < 400; i++) {
        const x = (i * 37) % side, y = (i * 53 + (i >> 3)) % side, which = (i * 7) % 5;
        stamps.lay(which, x, y);
        own.drawImage(sprites.pictures[which], x - size / 2, y - size / 2, size, size);
    }
    stamps.put(one.getContext('2d'));
    const [a, b] = [one, other].map(canvas => canvas.getContext('2d').getImageData(0, 0, side, side).data);
    let painted = 0, most = 0;
    for (let i = 3; i < a.length; i += 4) {
        most = Math.max(most, Math.abs(a[i] - b[i]));
        if (b[i] < 128) continue;
        painted++;
        for (const k of [1, 2, 3]) most = Math.max(most, Math.abs(a[i - k] - b[i - k]));
    }
    return { painted: painted / (side * side), most: most };
}"""


@pytest.mark.parametrize("ratio", [1, 2])
def test_signs_laid_down_in_memory_look_as_if_they_were_drawn_one_by_one(page, address, ratio):
    page.goto(f"{address}/heating")
    drawn(page)
    found = page.evaluate(BOTH, ratio)
    assert found["painted"] > 0.5
    assert found["most"] <= 6


ONE_OF_EACH = """() => {
    const lon = [100, 103, 106, 109, 112], points = room.points;
    points.set({ lon: lon, lat: lon.map(() => 35), key: [...'12345'], sign: '01234' }).addTo(room.map);
    const canvas = points._container, view = points._view, ratio = view.ratio;
    const bytes = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    return lon.map((_, i) => {
        const at = points.spot(i), x = Math.round((at.x * view.scale - view.left) * ratio);
        const y = Math.round((at.y * view.scale - view.top) * ratio);
        for (let dy = -4; dy < 4; dy++) for (let dx = -4; dx < 4; dx++) {
            if (bytes[4 * ((y + dy) * canvas.width + x + dx) + 3] > 100) return true;
        }
        return false;
    });
}"""


def test_every_sign_of_the_legend_is_drawn_on_the_map(page, address):
    page.goto(f"{address}/heating")
    drawn(page)
    assert page.evaluate(ONE_OF_EACH) == [True] * 5
