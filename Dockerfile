# The same steps are run without a container engine by tests/container.py.
FROM python:3.13-slim-bookworm AS build
WORKDIR /src
RUN python3 -m venv /opt/faqbot
COPY requirements.txt ./
RUN /opt/faqbot/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
RUN /opt/faqbot/bin/pip install --no-cache-dir --no-build-isolation --no-deps . \
    && /opt/faqbot/bin/pip uninstall --yes hatchling pathspec pluggy tomlkit trove-classifiers pip

FROM python:3.13-slim-bookworm
COPY --from=build /opt/faqbot /opt/faqbot
COPY faq /faq
RUN mkdir /data && chown 10001:10001 /data
ENV PATH=/opt/faqbot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    FAQBOT_FAQ_PATH=/faq \
    FAQBOT_DATA_PATH=/data
# A number, so that a cluster can see that it is not root.
USER 10001:10001
VOLUME /data
WORKDIR /data
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["faqbot", "health"]
ENTRYPOINT ["faqbot"]
CMD ["run"]
