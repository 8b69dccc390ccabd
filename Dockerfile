# The service and the workers in a container: `docker build -t ptrm .`, then `docker run -p 127.0.0.1:8080:8080 ptrm`. docs/serve.md tells the rest.

FROM node:24-bookworm-slim AS build
WORKDIR /src
# Nothing is fetched from elsewhere: onnxruntime is no part of the image.
ENV CI=1 TURBO_TELEMETRY_DISABLED=1 ONNXRUNTIME_NODE_INSTALL=skip
# What `ptrm worker` and its like want of others, and `ptrm` does not bring; Node looks for it above /ptrm.
RUN npm install --prefix /queue --ignore-scripts --omit=optional --no-audit --no-fund bullmq@6.7.0 ioredis@5.11.1
COPY . .
RUN sh scripts/image.sh /ptrm

FROM node:24-bookworm-slim
ENV NODE_ENV=production PTRM_HOST=0.0.0.0 PTRM_PORT=8080
COPY --from=build /ptrm /ptrm
COPY --from=build /queue/node_modules /node_modules
# The user "node" of the base image, who owns none of the files.
USER 1000:1000
WORKDIR /ptrm
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PTRM_PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/ptrm.js"]
CMD ["serve"]
