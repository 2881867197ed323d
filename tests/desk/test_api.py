"""The API against its own description: schemathesis asks whatever the description allows."""

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import ignored_auth
from starlette.testclient import TestClient

EXAMPLES = 15  #: requests to each address


def test_the_api_answers_as_its_description_says(desk: TestClient) -> None:
    cookie = {"cookie": "; ".join(f"{name}={value}" for name, value in desk.cookies.items())}
    schema = schemathesis.openapi.from_asgi("/api.json", desk.app, headers=cookie)
    # which names of states and systems mean something no schema can say: those that mean nothing are told so, with 400
    schema.config.checks.positive_data_acceptance.expected_statuses.append("400")
    asked = 0
    for operation in (found.ok() for found in schema.get_all_operations()):

        @given(case=operation.as_strategy())
        @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def answers(case: schemathesis.Case) -> None:
            case.call_and_validate(headers={**cookie, "host": "testserver"}, excluded_checks=[ignored_auth])

        answers()
        asked += 1
    assert asked >= 2
