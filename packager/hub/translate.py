"""What huggingface_hub raises, in our words: one line and a remedy each, the cause kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from edge.errors import EdgeError, EnvironmentLackError
from packager.errors import HubError, SourceError

_TOKEN_REMEDY = "log in with `hf auth login` or set HF_TOKEN"  # noqa: S105 (no secret, a sentence)


@contextmanager
def translated(label: str, endpoint: str) -> Iterator[None]:
    """Raise SourceError, HubError or EnvironmentLackError for what goes wrong with `label` at `endpoint`."""
    try:
        yield
    except EdgeError:
        raise
    except Exception as error:
        raise (_about_repository(error, label) or _about_answer(error, label, endpoint) or error) from error


def _about_repository(error: Exception, label: str) -> EdgeError | None:
    from huggingface_hub import errors as hub

    match error:
        case hub.HFValidationError():
            return SourceError(
                f"{label} is not a repository's name", remedy="write org/name, of letters, digits, - _ ."
            )
        case hub.GatedRepoError():
            return SourceError(f"{label} is gated", remedy=f"ask for access on its page, then {_TOKEN_REMEDY}")
        case hub.DisabledRepoError():
            return SourceError(f"{label} was disabled by the hub", remedy="use another model")
        case hub.RepositoryNotFoundError():
            return SourceError(f"{label} does not exist, or is private", remedy=f"check the name; {_TOKEN_REMEDY}")
        case hub.RevisionNotFoundError():
            return SourceError(
                f"{label}: there is no such revision", remedy="give a branch, a tag or a 40-digit commit"
            )
        case hub.RevisionResolutionError():
            return SourceError(f"{label} is not in the cache", remedy="build once without --offline")
        case hub.RemoteEntryNotFoundError():
            return SourceError(f"{label} lost a file that the hub lists", remedy="try again, or use another revision")
        case _:
            return None


def _about_answer(error: Exception, label: str, endpoint: str) -> EdgeError | None:
    from httpx2 import HTTPError
    from huggingface_hub import errors as hub

    match error:
        case hub.OfflineModeIsEnabled():
            return HubError(f"{label} cannot be fetched: HF_HUB_OFFLINE is set", remedy="unset it, or build --offline")
        case hub.HfHubHTTPError():
            return _about_status(error.response.status_code, label, endpoint)
        case HTTPError() | hub.LocalEntryNotFoundError() | hub.XetDownloadError():
            reason = type(error.__cause__ or error).__name__
            return HubError(
                f"{endpoint} could not be reached for {label} ({reason})",
                remedy="check the network, HF_ENDPOINT and proxies; --offline uses what was fetched before",
            )
        case OSError(errno=int()):  # a disk's, not the network's
            return EnvironmentLackError(
                f"{label} cannot be kept in the cache ({error.strerror})",
                remedy="make room, or set HF_HOME to a place that can be written",
            )
        case OSError() | ValueError() | LookupError() | TypeError() | AttributeError():
            reason = " ".join(str(error).split())[:120]
            return HubError(
                f"{endpoint} answers for {label} unlike a hub ({reason})", remedy="check HF_ENDPOINT, try again"
            )
        case _:
            return None


def _about_status(status: int, label: str, endpoint: str) -> EdgeError:
    if status in (401, 403):
        return SourceError(f"{endpoint} refuses access to {label} ({status})", remedy=_TOKEN_REMEDY)
    if status == 404:
        return SourceError(f"{label} does not exist at {endpoint}", remedy="check the name and HF_ENDPOINT")
    return HubError(
        f"{endpoint} answered {status} for {label}", remedy="try again later, or set HF_ENDPOINT to a mirror"
    )
