from tests.packager.hub.conftest import hf_home as hf_home  # noqa: PLC0414 (a fixture of another folder)
