# The broker, the generic actor and the operator's command, on Debian 12.
#
#     docker build -t farcall .
#     docker run --name broker -v far:/run/farcall farcall
#     docker exec broker far ps
#
# The broker listens on an ipc socket in the volume /run/farcall only; actors in other containers mount the same volume.

FROM debian:12-slim AS build
WORKDIR /src
COPY scripts/setup scripts/
RUN scripts/setup build
COPY . .
RUN scripts/build /build -DFAR_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/usr/local \
    && DESTDIR=/image cmake --install /build --component runtime --strip

FROM debian:12-slim
COPY scripts/setup /tmp/
RUN /tmp/setup runtime \
    && rm -rf /tmp/setup /var/lib/apt/lists/* \
    && useradd --system --create-home farcall \
    && install --directory --owner=farcall --group=farcall /run/farcall
COPY --from=build /image/usr/local /usr/local

USER farcall
ENV FAR_BROKER=ipc:///run/farcall/broker
VOLUME /run/farcall
HEALTHCHECK --interval=10s --timeout=5s CMD ["far", "ps"]
ENTRYPOINT ["far-broker"]
