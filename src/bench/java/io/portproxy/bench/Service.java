package io.portproxy.bench;

/** The services behind the contenders. Each contender offers some of them. */
enum Service {
    /** The server of iperf3. */
    IPERF3,
    /** nginx with one small answer. */
    HTTP,
    /** The suite's own target, {@link TargetServer}. */
    OWN,
    /** The same nginx through an exposed port of {@code type: http}. Only PortProxy offers it. */
    HTTP_TYPE,
    /** The same nginx by HTTPS, which ends at the first hop: a gateway of PortProxy, or a reverse proxy. */
    GATEWAY,
    /** The suite's own target, which sends each datagram back. */
    DATAGRAMS
}
