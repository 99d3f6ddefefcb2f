FROM alpine:3.20
ARG REVISION
LABEL org.opencontainers.image.revision=$REVISION \
      org.opencontainers.image.revision=unknown
RUN apk add curl tini && \

    adduser -D -u 10001 worker
COPY run.sh /usr/local/bin/
# plimsoll ignore=final-user-root the scheduler binds raw sockets expires=2030-01-01
USER root
ENTRYPOINT ["/sbin/tini", "--", '/usr/local/bin/run.sh']
STOPSIGNAL SIGKILL
