# 20, 22 and 24 are supported.
ARG NODE_VERSION=24

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /keepsake
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:${NODE_VERSION}-bookworm-slim
ENV NODE_ENV=production \
    KEEPSAKE_HOST=0.0.0.0 \
    KEEPSAKE_DATA_DIR=/data
WORKDIR /keepsake
COPY --from=build /keepsake/package.json ./
COPY --from=build /keepsake/wsdl ./wsdl
COPY --from=build /keepsake/node_modules ./node_modules
COPY --from=build /keepsake/dist ./dist
RUN install -d -o node -g node /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/keepsake/dist/src/main.js"]
CMD ["start"]
