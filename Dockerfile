# docker build -t attune .
# docker run --rm -e TELEGRAM_BOT_TOKEN=... -v attune:/var/lib/attune --read-only --tmpfs /tmp attune
FROM python:3.12-slim AS build
# Wheels of torch without CUDA, a tenth of the size; empty for the default ones.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
RUN python -m venv /opt/attune \
 && grep -iE '^(torch|torchvision|torchaudio)==' constraints.txt > torch.txt \
 && /opt/attune/bin/pip install --no-cache-dir ${TORCH_INDEX:+--index-url $TORCH_INDEX} -r torch.txt
COPY affect affect
COPY inference inference
COPY music music
COPY storage storage
COPY bot bot
RUN grep -viE '^(nvidia|cuda|triton|torch)' constraints.txt > pins.txt \
 && /opt/attune/bin/pip install --no-cache-dir --constraint pins.txt .

FROM python:3.12-slim
RUN useradd --system --create-home --home-dir /var/lib/attune attune
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
