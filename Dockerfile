# logitd in a container: one stage builds it, the other has only the program and its four libraries.
FROM debian:bookworm-slim AS build
WORKDIR /src
COPY setup.sh packages.txt ./
RUN ./setup.sh build && rm -rf /var/lib/apt/lists/*
COPY Makefile ./
COPY core core
COPY api api
COPY server server
COPY web web
RUN make

FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="logitd" \
      org.opencontainers.image.description="Scores language-model outputs over HTTP" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY setup.sh packages.txt /tmp/setup/
RUN /tmp/setup/setup.sh run && rm -rf /tmp/setup /var/lib/apt/lists/*
COPY --from=build /src/build/logitd /usr/local/bin/logitd
USER 65532:65532
# In a container logitd listens on all addresses, by default without keys: the container's network decides
# who reaches it.  To require keys, mount a file of keys and set LOGITD_API_KEY_FILE to its path.
# After SIGTERM it accepts connections for 5 s more, so that load balancers see first that it is not ready.
ENV LOGITD_ADDRESS=0.0.0.0 LOGITD_INSECURE_NO_AUTH=true LOGITD_DRAIN_DELAY=5s
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=4s --retries=3 CMD ["logitd", "--healthcheck"]
ENTRYPOINT ["logitd"]
