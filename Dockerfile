# The program, certificates, and nothing else: for CronJobs and pipelines that call the command line. There is no shell and no git in
# it, so the base branch of `rollcall ci github` is not there; the action installs the program on the runner instead.
# .github/workflows/release.yml lays the folder that it is built in: PLATFORM/rollcall for each, and ca-certificates.crt.
FROM scratch
ARG TARGETARCH
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --chmod=0755 ${TARGETARCH}/rollcall /rollcall
COPY licenses/ /licenses/
USER 65532:65532
WORKDIR /manifests
ENTRYPOINT ["/rollcall"]
