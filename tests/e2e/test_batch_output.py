"""GET /v1/batches/:id/output: the gateway finds the file that holds a batch's output."""

LINES = b'{"custom_id":"a","response":{"status_code":200}}\n{"custom_id":"b","response":{"status_code":200}}\n'


def batch(fake, **members):
    async def give(exchange):
        await exchange.read_body()
        await exchange.answer(200, {"id": "batch_1", "object": "batch", **members})

    fake.on("GET /v1/batches/batch_1", give)


def output_of(gateway):
    return gateway.call("GET", "/v1/batches/batch_1/output", b"", gateway.headers())


def test_the_output_is_the_content_of_the_file_that_the_batch_names(gateway, fake):
    async def give_file(exchange):
        await exchange.read_body()
        await exchange.answer(200, LINES, {"Content-Type": "application/jsonl"})

    batch(fake, status="completed", output_file_id="file-7")
    fake.on("GET /v1/files/file-7/content", give_file)
    answer = output_of(gateway)
    assert (answer.status, answer.body) == (200, LINES)
    assert answer.header("content-type") == "application/jsonl"


def test_a_batch_that_failed_answers_with_its_errors(gateway, fake):
    errors = {"object": "list", "data": [{"code": "invalid_json_line", "line": 3}]}
    batch(fake, status="failed", output_file_id=None, errors=errors)
    answer = output_of(gateway)
    assert (answer.status, answer.json()) == (200, errors)


def test_a_batch_under_way_is_refused_with_its_status(gateway, fake):
    batch(fake, status="in_progress", output_file_id=None, errors=None)
    answer = output_of(gateway)
    assert answer.status == 400
    assert "in_progress" in answer.json()["error"]["message"]


def test_a_file_id_that_would_leave_its_place_in_the_path_is_not_followed(gateway, fake):
    batch(fake, status="completed", output_file_id="../models", errors=None)
    assert output_of(gateway).status == 400


def test_an_unknown_batch_keeps_the_providers_status_and_words(gateway, fake):
    async def refuse(exchange):
        await exchange.read_body()
        await exchange.answer(404, {"error": {"message": "No such batch: batch_1"}})

    fake.on("GET /v1/batches/batch_1", refuse)
    answer = output_of(gateway)
    assert answer.status == 404
    assert "No such batch" in answer.json()["error"]["message"]
