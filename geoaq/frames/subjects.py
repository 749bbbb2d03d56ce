"""The columns of lists of boilers, plants, units and projects."""

from __future__ import annotations

from geoaq.frames.contracts import Column, Contract

#: What stands in place of a number where a list has none (`geoaq.io.lists.identity`).
CONTENT_KEY = r"k-[0-9a-f]{16}(?:-\d+)?"

# Where a subject is, and where its row says that it is.
_PLACE = (
    Column("lon", "float", "longitude, WGS 84", "degree", required=True),
    Column("lat", "float", "latitude, WGS 84", "degree", required=True),
    Column("datum", "str", "wgs84, cgcs2000, gcj02, bd09, gk:<EPSG code>, or unstated"),
    Column("position_quality", "str", "key of layers/policy/budgets.toml [position]; unstated if blank"),
    Column("decimals", "int", "decimals of a degree as printed (DMS: 4 for whole seconds); -1 projected"),
    Column("province_stated", "str", "province as the row states it"),
    Column("city_stated", "str", "prefecture as the row states it"),
    Column("county_stated", "str", "county as the row states it"),
)
BOILERS = Contract(
    "boilers",
    (
        Column("row", "int", "row number of the sheet as its user sees it (header rows counted)"),
        Column("part", "int", "0, or 1…n where one row holds several boilers (2×35)"),
        Column("subject_id", "str", "the office's own number, else a documented content key"),
        Column("name", "str", "unit that owns or uses the boiler"),
        *_PLACE,
        Column("fuel", "str", "coal, biomass, gas, oil, electric, other, or '' if not stated"),
        Column("boiler_class", "str", "steam, hot_water, thermal_oil, hot_air, power_station, facility, ''"),
        # space_heating: 集中供暖, the exempt one; heating_unstated: 供暖 alone, central or not is not said;
        # domestic: heating of one's own too; agricultural; '' not stated.
        Column("purpose", "str", "industrial, space_heating, heating_unstated, central_steam, domestic, …"),
        # relocating: 迁建, planned, though 新建 to the letter may not count it; altering: 改建 and 扩建.
        Column("status", "str", "operating, standby, stopped, demolished, planned, relocating, altering, ''"),
        Column("eliminated_by", "str", "demolished, clean_energy, flue_cut: evidence of elimination, or ''"),
        Column("commissioned_year", "float", "year in which it came into operation, where stated", "year"),
        Column("capacity_tph", "float", "capacity of one boiler, decimal as printed (0.7 MW = 1 t/h)", "t/h"),
        Column("capacity_text", "str", "the capacity cell as printed"),
        Column("capacity_conflict", "bool", "two columns of the row state different capacities"),
        Column("industry_code", "str", "GB/T 4754 code as stated, or ''"),
        Column("heat_network_stated", "tri", "the row says: inside heat-network coverage"),
        Column("built_up_stated", "tri", "the row says: inside the built-up area"),
    ),
)
PLANTS = Contract(
    "plants",
    (
        Column("plant_id", "str", "identity of the plant", required=True),
        Column("name", "str", "name, Chinese where known"),
        Column("lon", "float", "longitude, WGS 84", "degree", required=True),
        Column("lat", "float", "latitude, WGS 84", "degree", required=True),
        Column("position_quality", "str", "key of layers/policy/budgets.toml [plant_position]"),
        Column("installed_mw", "float", "installed electric capacity of the plant", "MW", required=True),
        Column("largest_unit_mw", "float", "electric capacity of its largest unit", "MW"),
        Column("fuel", "str", "coal, gas, nuclear, biomass, waste, other"),
        Column("dispatched", "tri", "统调: dispatched by the grid"),
        Column("heat_evidence", "str", "name, captive, none, user: a heuristic, to be verified"),
        Column("confirmed_document", "str", "document number by which the office confirms it as CHP, or ''"),
        Column("confirmed_issuer", "str", "who issued that document, or ''"),
        Column("province_adcode", "str", "GB/T 2260 province code of the point, or ''"),
    ),
)
UNITS = Contract(
    "units",
    (
        Column("row", "int", "row number of the sheet"),
        Column("part", "int", "0, or 1…n where one row holds several units"),
        Column("subject_id", "str", "the office's own number, else a documented content key"),
        Column("name", "str", "plant or owner"),
        *_PLACE,
        Column("fuel", "str", "as in boilers"),
        Column("status", "str", "as in boilers"),
        Column("capacity_mw", "float", "electric capacity of the unit", "MW"),
        Column("unit_type", "str", "backpressure, extraction, condensing, retrofit, ''"),
        Column("captive", "tri", "自备: captive unit"),
        Column("chp", "tri", "combined heat and power"),
        Column("backward_listed", "tri", "on an official list of 落后 units"),
        Column("plant_id", "str", "identity in the plant table, or ''"),
        Column("dispatched", "tri", "统调: dispatched by the grid"),
    ),
)

PROJECTS = Contract(
    "projects",
    (
        Column("row", "int", "row number of the sheet, or number of the feature from 1"),
        Column("part", "int", "0: a row is one project, also with a site in several parts"),
        Column("subject_id", "str", "the office's own project number, else a documented content key"),
        Column("name", "str", "name of the project"),
        Column("applicant", "str", "who builds it"),
        # Of a site that is a polygon, the position is a point inside it, for places and for the map.
        *_PLACE,
        Column("geometry_kind", "str", "point, or polygon: the site is in `ProjectIntake.sites`"),
        Column("industry_code", "str", "GB/T 4754 code, digits as stated, or ''"),
        Column("industry_edition", "str", "edition of GB/T 4754: 2017, 2011, or '' if not stated"),
        Column("industry_text", "str", "the industry cell as printed"),
        # technical: 技术改造; rebuild: 改建; relocation: 迁建.
        Column("nature", "str", "new, relocation, rebuild, expansion, technical, or '' if not stated"),
        Column("stack_m", "float", "highest stack that the project builds, above ground; 0 none", "m"),
        Column("stack_text", "str", "the stack cell as printed"),
        Column("new_stack", "tri", "the project builds a new stack; new and relocation with a height do"),
        Column("eia_kind", "str", "report_book, report_form, registration, or ''"),
        Column("uses_coal", "tri", "the project uses coal"),
        Column("coal_replacement", "tri", "a complete plan for coal replacement is stated"),
        Column("adds_capacity", "tri", "the project adds production capacity"),
        Column("capacity_swap", "tri", "a plan for capacity swap (产能置换) is stated"),
        Column("regional_reduction", "tri", "a plan for regional reduction (区域削减) is stated"),
        Column("new_captive_unit", "tri", "the project builds a captive generating unit (自备机组)"),
        Column("new_boiler_tph", "float", "largest new boiler of the project, decimal as printed", "t/h"),
        Column("new_boiler_fuel", "str", "its fuel, as in boilers"),
        Column("boiler_purpose", "str", "its purpose, as in boilers"),
        Column("dispersion_ug_m3", "float", "modelled contribution at the worst place downwind", "µg/m³"),
        Column("dispersion_model", "str", "the model used, as printed"),
        Column("emissions_text", "str", "emissions as the row states them"),
        Column("remark", "str", "remark as printed"),
    ),
)
