"""Which rule reaches this boiler, this project, this fire: exact geography for China's air-quality plans."""

__version__ = "0.1.0"
