# Two images from one file:
#   docker build --target bot -t runmodes .              the bot alone, nothing beyond the .NET runtime
#   docker build --target bot-with-tools -t runmodes .   with az and kubectl, for the operations that need them
# Neither runs as root, neither holds a secret or a setting; settings come from the environment or a mounted file.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY Bot/Bot.csproj Bot/packages.lock.json Bot/
RUN dotnet restore Bot --locked-mode
COPY Bot/ Bot/
COPY manifest/ manifest/
RUN dotnet publish Bot --configuration Release --no-restore --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS bot
WORKDIR /app
COPY --from=build /app ./
# The store, the audit key and the anchors of a single instance; mount a volume on a local or block disk here, never a network share.
RUN mkdir /data && chown "$APP_UID:$APP_UID" /data && chmod 700 /data
ENV ASPNETCORE_URLS=http://0.0.0.0:8080 \
    ASPNETCORE_ENVIRONMENT=Production \
    DOTNET_EnableDiagnostics=0 \
    Store__ConnectionString="Data Source=/data/runmodes.db"
EXPOSE 8080
VOLUME /data
USER $APP_UID
ENTRYPOINT ["dotnet", "/app/RunModes.Bot.dll"]

FROM bot AS bot-with-tools
# The bot starts them from /usr/bin, with a clean environment and an argument list of its own making.
USER root
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl gnupg \
    && install -d -m 755 /etc/apt/keyrings \
    && curl -fsSL https://packages.microsoft.com/keys/microsoft.asc | gpg --dearmor -o /etc/apt/keyrings/microsoft.gpg \
    && curl -fsSL https://pkgs.k8s.io/core:/stable:/v1.34/deb/Release.key | gpg --dearmor -o /etc/apt/keyrings/kubernetes.gpg \
    && . /etc/os-release \
    && echo "deb [signed-by=/etc/apt/keyrings/microsoft.gpg] https://packages.microsoft.com/repos/azure-cli/ $VERSION_CODENAME main" > /etc/apt/sources.list.d/azure-cli.list \
    && echo "deb [signed-by=/etc/apt/keyrings/kubernetes.gpg] https://pkgs.k8s.io/core:/stable:/v1.34/deb/ /" > /etc/apt/sources.list.d/kubernetes.list \
    && apt-get update \
    && apt-get install -y --no-install-recommends azure-cli kubectl \
    && apt-get purge -y --auto-remove curl gnupg \
    && rm -rf /var/lib/apt/lists/*
USER $APP_UID
