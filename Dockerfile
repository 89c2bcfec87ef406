# docker build -t attune .
# docker run --rm --stop-timeout 40 -e TELEGRAM_BOT_TOKEN=... -v attune:/var/lib/attune --read-only --tmpfs /tmp attune
FROM python:3.13-slim-trixie AS build
# Wheels of torch without CUDA, an eighth of the size; empty for PyPI's.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
WORKDIR /src
RUN python -m venv --without-pip /opt/attune
COPY constraints.txt ./
# Nothing else comes from that index, and without it the build stops: what they need follows below.
RUN pip --python /opt/attune install --no-cache-dir --no-deps ${TORCH_INDEX:+--index-url $TORCH_INDEX} \
    --constraint constraints.txt torch torchaudio torchvision \
 # Nothing is compiled against torch here, and its own tests do not run.
 && cd /opt/attune/lib/python3*/site-packages/torch && rm -rf include test
COPY pyproject.toml README.md LICENSE ./
COPY domain domain
COPY transcode transcode
COPY inference inference
COPY music music
COPY storage storage
COPY bot bot
RUN pip --python /opt/attune install --no-cache-dir --constraint constraints.txt .

FROM python:3.13-slim-trixie
RUN useradd --system --home-dir /var/lib/attune attune \
 && install --directory --owner attune --group attune --mode 700 /var/lib/attune
COPY --from=build /opt/attune /opt/attune
USER attune
WORKDIR /var/lib/attune
ENV PATH=/opt/attune/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATABASE_URL=sqlite+aiosqlite:////var/lib/attune/attune.db \
    HEALTH_FILE=/tmp/attune.alive
VOLUME /var/lib/attune
# The bot touches the file every ten seconds while its event loop turns and its database can be read.
HEALTHCHECK --start-period=120s --interval=30s --timeout=10s \
    CMD ["python", "-c", "import os, sys, time; sys.exit(time.time() - os.path.getmtime('/tmp/attune.alive') > 60)"]
CMD ["python", "-m", "bot"]
