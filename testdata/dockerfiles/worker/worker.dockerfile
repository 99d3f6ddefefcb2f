FROM alpine:3.20
ARG REVISION
LABEL org.opencontainers.image.revision=$REVISION \
      org.opencontainers.image.revision=unknown
RUN apk add curl tini && \

    adduser -D -u 10001 worker
# plimsoll ignore=shell-form-cmd the scheduler needs a shell
COPY run.sh /usr/local/bin/
ENTRYPOINT ["/sbin/tini", "--", '/usr/local/bin/run.sh']
STOPSIGNAL SIGKILL
