package io.portproxy.bench;

/** What every contender makes reachable. */
enum Service {
    /** iperf3's server. */
    IPERF3,
    /** nginx with one small answer. */
    HTTP,
    /** The suite's own target, {@link TargetServer}. */
    OWN,
    /** The same nginx through an exposed port of {@code type: http}: PortProxy only. */
    HTTP_TYPE,
    /** The same nginx by HTTPS, which ends at the first hop: a gateway of PortProxy, or a reverse proxy. */
    GATEWAY,
    /** The suite's own target, which sends each datagram back. */
    DATAGRAMS
}
