# syntax=docker/dockerfile:1

# First stage: the wheel, built with the locked backend and nothing else from outside.
FROM python:3.12-slim AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m pip install --no-cache-dir --disable-pip-version-check --quiet --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY gamecore ./gamecore
COPY api ./api
RUN python -m pip wheel --no-deps --no-build-isolation --disable-pip-version-check --wheel-dir /dist .

# Second stage: the libraries of the runtime lock, the wheel, the scenarios; no compiler, no tools, no root.
FROM python:3.12-slim
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
RUN useradd --create-home --uid 10001 gamecore
COPY requirements-runtime.lock /tmp/requirements-runtime.lock
RUN python -m pip install --no-cache-dir --disable-pip-version-check --quiet --compile \
        --require-hashes -r /tmp/requirements-runtime.lock \
    && rm /tmp/requirements-runtime.lock
COPY --from=build /dist/*.whl /tmp/dist/
RUN python -m pip install --no-cache-dir --disable-pip-version-check --quiet --compile --no-deps /tmp/dist/*.whl \
    && rm -r /tmp/dist
COPY scenarios /home/gamecore/scenarios
USER gamecore
WORKDIR /home/gamecore
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["gamecore", "serve", "--host", "0.0.0.0", "--port", "8000"]
