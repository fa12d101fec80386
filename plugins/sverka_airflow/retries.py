"""When Airflow tries a step again."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk.definitions.retry_policy import RetryDecision, RetryPolicy

if TYPE_CHECKING:
    from airflow.sdk import Context


class AsTheErrorSays(RetryPolicy):
    """`TryLater` says when; what lacks a setting does not get one by waiting; the rest as usual."""

    def evaluate(
        self,
        exception: BaseException,
        try_number: int,  # noqa: ARG002 - the base class's signature
        max_tries: int,  # noqa: ARG002
        context: "Context | None" = None,  # noqa: ARG002
    ) -> RetryDecision:
        from sverka.errors import Misconfigured, TryLater

        if isinstance(exception, TryLater):
            return RetryDecision.retry(timedelta(seconds=exception.seconds), reason=str(exception))
        if isinstance(exception, Misconfigured):
            return RetryDecision.fail(reason=str(exception))
        return RetryDecision.default()

    def serialize(self) -> dict[str, Any]:
        return {"__type": f"{type(self).__module__}.{type(self).__qualname__}"}


PATIENTLY: dict[str, Any] = {
    "retries": 6,
    "retry_delay": timedelta(seconds=20),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=10),
    "retry_policy": AsTheErrorSays(),
    "execution_timeout": timedelta(minutes=30),
}
"""Default arguments of tasks: about twenty minutes of trying, each try at most half an hour."""
