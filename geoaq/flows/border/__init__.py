"""The border job: which province must be consulted on a project, by which limb, and what else bars it."""

from geoaq.flows.border.job import screen_projects
from geoaq.flows.border.lines import project_lines
from geoaq.flows.border.request import ProjectRequest
from geoaq.flows.border.single import FIELDS, write_project

__all__ = ["FIELDS", "ProjectRequest", "project_lines", "screen_projects", "write_project"]
