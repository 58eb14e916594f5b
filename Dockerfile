# logitd in a container: built in one stage, run from another that holds one program and four libraries.
FROM debian:bookworm-slim AS build
WORKDIR /src
COPY setup.sh packages.txt ./
RUN ./setup.sh build && rm -rf /var/lib/apt/lists/*
COPY Makefile ./
COPY core core
COPY api api
COPY server server
RUN make

FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="logitd" \
      org.opencontainers.image.description="Scores language-model outputs over HTTP" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY setup.sh packages.txt /tmp/setup/
RUN /tmp/setup/setup.sh run && rm -rf /tmp/setup /var/lib/apt/lists/*
COPY --from=build /src/build/logitd /usr/local/bin/logitd
USER 65532:65532
# Inside a container the network is the boundary: it listens on all addresses, and by default without
# keys.  To ask for keys, mount a file and set LOGITD_API_KEY_FILE to its path.
# After SIGTERM it still accepts connections for 5 s, so that balancers learn first that it is not ready.
ENV LOGITD_ADDRESS=0.0.0.0 LOGITD_INSECURE_NO_AUTH=true LOGITD_DRAIN_DELAY=5s
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=4s --retries=3 CMD ["logitd", "--healthcheck"]
ENTRYPOINT ["logitd"]
