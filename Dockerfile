# The Functions host with the app, for clusters of one's own. Build: docker build -t retrain .
# The first stage's commands were tried outside a container; the image itself was never built or run.

FROM node:22-bookworm-slim AS build
WORKDIR /src
# Scripts of packages are not run: the build needs none, and one of them would fetch a second Node.
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY host.json tsconfig.json ./
COPY bin bin
COPY scripts scripts
COPY functions functions
COPY shared shared
RUN npm run package

FROM mcr.microsoft.com/azure-functions/node:4-node22
ENV AzureWebJobsScriptRoot=/home/site/wwwroot \
    AzureFunctionsJobHost__Logging__Console__IsEnabled=true \
    FUNCTIONS_WORKER_RUNTIME=node \
    ASPNETCORE_URLS=http://+:8080
COPY --from=build --chown=1000:1000 /src/dist/app /home/site/wwwroot
# Not root: the host listens on 8080 and writes below /home and /tmp only.
RUN mkdir -p /home/LogFiles /home/data && chown -R 1000:1000 /home
USER 1000:1000
EXPOSE 8080
