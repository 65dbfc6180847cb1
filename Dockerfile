# The broker, the generic actor and the operator's command, on Debian 12.
#
#     docker build -t farcall .
#     docker run --name broker -v far:/run/farcall farcall
#     docker exec broker far ps
#
# The broker listens on a socket in the volume /run/farcall only, not on TCP. Actors in other containers of this image
# mount the same volume; far-broker's own options and its configuration go at the end of the command.

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
    && install --directory --mode=0700 --owner=farcall --group=farcall /run/farcall
COPY --from=build /image/usr/local /usr/local

USER farcall
ENV XDG_RUNTIME_DIR=/run
VOLUME /run/farcall
HEALTHCHECK --interval=10s --timeout=5s CMD FAR_AUTOSTART=0 far ps
ENTRYPOINT ["far-broker"]
