# syntax=docker/dockerfile:1

ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS build

# PyPI's torch for 64-bit Intel brings gigabytes of CUDA; PyTorch's own index has the same
# version built for CPUs. Only torch comes from there, without its dependencies, so that no
# second index can answer for any other package. Empty: torch comes from pip's own index too.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_INPUT=1 \
    PIP_ROOT_USER_ACTION=ignore

WORKDIR /build
RUN python -m venv --without-pip /opt/attache

# What changes seldom comes first: a change of the sources installs only the sources again.
COPY constraints.txt pyproject.toml ./
RUN --mount=type=cache,target=/root/.cache/pip \
    pip --python /opt/attache/bin/python install --no-deps --only-binary :all: \
        --constraint constraints.txt ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} torch
RUN --mount=type=cache,target=/root/.cache/pip \
    python -c "import tomllib; p = tomllib.load(open('pyproject.toml', 'rb'))['project']; print(*p['dependencies'], *p['optional-dependencies']['chat'], sep='\n')" \
        > requirements.txt \
    && pip --python /opt/attache/bin/python install --constraint constraints.txt \
        --requirement requirements.txt

COPY README.md LICENSE ./
COPY pipelines pipelines
COPY service service
COPY evaluation evaluation
# The build's own tool, setuptools, is there by now, as a dependency of torch.
RUN pip --python /opt/attache/bin/python install --no-cache-dir --no-deps --no-build-isolation .


FROM python:${PYTHON}

RUN groupadd --gid 10001 attache \
    && useradd --uid 10001 --gid attache --no-create-home --home-dir /dev/shm \
        --shell /usr/sbin/nologin attache

COPY --from=build /opt/attache /opt/attache

# The container is a network of its own, so the service listens on all of it. Large blocks stay
# with the process: giving them back to the system after every reading costs CPU time.
# Temporary files go to memory that every container has, so the root may be read-only.
ENV PATH=/opt/attache/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONSAFEPATH=1 \
    HF_HUB_OFFLINE=1 \
    HF_HOME=/dev/shm/huggingface \
    TMPDIR=/dev/shm \
    MALLOC_TRIM_THRESHOLD_=8000000000 \
    MALLOC_MMAP_THRESHOLD_=8000000000 \
    ATTACHE_HOST=0.0.0.0 \
    ATTACHE_PORT=8000

USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM

HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ['ATTACHE_PORT']}/readyz\", timeout=4)"]

CMD ["python", "-m", "service"]
