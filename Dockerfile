# newsbot as a small image: no build tools, no tools of the tests, no root.
#
#   docker build -t newsbot .
#   docker run -d --name newsbot --stop-timeout 30 --env-file .env \
#       -v newsbot-data:/data -v "$PWD/config.toml:/data/config.toml:ro" newsbot
#
# /data holds config.toml and the database. Stopping drains for up to 25 s, hence the 30.
#
# The base image is named by its version, so a rebuild takes its security fixes. To freeze it instead, ask your registry
# for the digest and build on that:
#   docker buildx imagetools inspect python:3.13-slim --format '{{.Manifest.Digest}}'
#   docker build --build-arg BASE=python:3.13-slim@<what it printed> -t newsbot .
ARG BASE=python:3.13-slim

FROM ${BASE} AS build
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore

# Everything that comes from outside is checked against its hash here; what follows installs from this folder only.
COPY requirements.lock .
RUN pip wheel --quiet --require-hashes --requirement requirements.lock --wheel-dir wheels

# The lock also holds the tools of the tests. Naming newsbot alone leaves those out of the image.
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
RUN pip install --quiet --no-index --find-links wheels flit_core \
 && pip wheel --quiet --no-deps --no-build-isolation --wheel-dir wheels . \
 && python -m venv --without-pip /app \
 && pip --python /app/bin/python install --quiet --no-index --find-links wheels newsbot \
 && mkdir /data

FROM ${BASE}
COPY --from=build /app /app
COPY --from=build --chown=10001:10001 /data /data
ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /data
VOLUME /data
# Healthy: the database answers and the bot's last heartbeat is fresh.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["newsbot", "status", "--health"]
ENTRYPOINT ["newsbot"]
CMD ["run"]
