# syntax=docker/dockerfile:1

# --- build: has a compiler, for the extra `injection` alone; everything else installs from wheels
FROM python:3.12.12-slim-bookworm AS build
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY waf/ waf/
COPY rules/ rules/
COPY classifiers/ classifiers/
COPY benchmarks/textbook.py benchmarks/textbook.py
RUN python -m venv /opt/waf \
    && /opt/waf/bin/pip install --no-cache-dir '.[injection,redis,jwt,geoip]' \
    && /opt/waf/bin/pip uninstall --yes pip

# --- run: no compiler; writes nothing, so the root file system can be read-only
FROM python:3.12.12-slim-bookworm
LABEL org.opencontainers.image.title="mlwaf" \
      org.opencontainers.image.description="A web application firewall for machine-learning endpoints" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="0.1.0"
RUN groupadd --system --gid 10001 waf \
    && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin waf
COPY --from=build /opt/waf /opt/waf
ENV PATH=/opt/waf/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /
EXPOSE 8080 9091
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9091/healthz', timeout=2)"]
ENTRYPOINT ["waf"]
CMD ["serve", "--listen", "0.0.0.0:8080"]
