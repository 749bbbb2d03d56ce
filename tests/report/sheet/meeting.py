"""Three made-up provinces that meet in one point, and the strip along their lines."""

from __future__ import annotations

from geoaq.report.sheet import Area, Dot, Line, Shapes, named

WEST, EAST, NORTH = named("安徽省", "Anhui"), named("浙江省", "Zhejiang"), named("江苏省", "Jiangsu")


def shapes() -> Shapes:
    """Return three provinces that meet in one point, made up, with the strip along their lines."""
    meet = (119.6, 31.18)
    west = ((118.5, 30.2), (119.55, 30.2), (119.6, 31.0), meet, (118.9, 31.4), (118.5, 31.3), (118.5, 30.2))
    east = (
        (119.55, 30.2),
        (120.9, 30.2),
        (120.9, 31.1),
        (120.2, 31.0),
        (119.9, 31.19),
        meet,
        (119.6, 31.0),
        (119.55, 30.2),
    )
    north = (
        (118.5, 31.3),
        (118.9, 31.4),
        meet,
        (119.9, 31.19),
        (120.2, 31.0),
        (120.9, 31.1),
        (120.9, 31.9),
        (118.5, 31.9),
        (118.5, 31.3),
    )
    return Shapes(
        provinces=(
            Area(adcode="340000", name=WEST, rings=(west,)),
            Area(adcode="330000", name=EAST, rings=(east,)),
            Area(adcode="320000", name=NORTH, rings=(north,)),
        ),
        borders=(
            Line(pair=("330000", "340000"), pieces=(((119.55, 30.2), (119.6, 31.0), meet),)),
            Line(pair=("320000", "330000"), pieces=((meet, (119.9, 31.19), (120.2, 31.0), (120.9, 31.1)),)),
            Line(pair=("320000", "340000"), pieces=((meet, (118.9, 31.4), (118.5, 31.3)),)),
        ),
        strip=(
            (
                (119.35, 30.2),
                (119.4, 31.1),
                (119.5, 31.36),
                (119.95, 31.37),
                (120.2, 31.2),
                (120.2, 30.85),
                (119.85, 31.0),
                (119.8, 30.9),
                (119.75, 30.2),
                (119.35, 30.2),
            ),
        ),
        sectors=(((119.8, 31.0), (119.0, 31.25), (119.0, 30.75), (119.8, 31.0)),),
        cities=(
            Dot(name=named("湖州市", "Huzhou"), at=(120.09, 30.89)),
            Dot(name=named("宜兴市", "Yixing"), at=(119.82, 31.34)),
        ),
        near=(Dot(name=named("示例铸造项目"), at=(119.75, 30.96)),),
    )
