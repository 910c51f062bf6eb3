package io.portproxy.server;

import io.portproxy.net.tls.TlsSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of the port that remotes connect to.
 *
 * @param bind the address; resolved, port 0 for any free port
 * @param tls how tunnels are encrypted; empty for plain TCP. With client certificates, a certificate's name must be the
 *     remote name
 * @param classicAllowed whether remotes without a token may use the classic dialect
 * @param onDuplicate what happens to a second instance with the same name
 * @param greetingTimeout how long a new connection may take to complete its greeting; a TLS handshake before it may
 *     take as long
 * @param maxGreetings the most connections without a complete greeting at a time; when there are more, the IPv4 address
 *     or IPv6 network of 64 bits with the most of them loses its oldest
 */
public record TunnelPortSettings(
        InetSocketAddress bind,
        Optional<TlsSettings> tls,
        boolean classicAllowed,
        OnDuplicate onDuplicate,
        Duration greetingTimeout,
        int maxGreetings) {
    /** Returns a copy with another address. */
    public TunnelPortSettings withBind(InetSocketAddress address) {
        return new TunnelPortSettings(address, tls, classicAllowed, onDuplicate, greetingTimeout, maxGreetings);
    }

    /** Returns a copy with TLS. */
    public TunnelPortSettings withTls(TlsSettings encryption) {
        return new TunnelPortSettings(
                bind, Optional.of(encryption), classicAllowed, onDuplicate, greetingTimeout, maxGreetings);
    }

    /** Returns a copy with another rule for a second instance. */
    public TunnelPortSettings withOnDuplicate(OnDuplicate rule) {
        return new TunnelPortSettings(bind, tls, classicAllowed, rule, greetingTimeout, maxGreetings);
    }

    /** Returns a copy with other limits for greetings. */
    public TunnelPortSettings withGreetings(Duration timeout, int most) {
        return new TunnelPortSettings(bind, tls, classicAllowed, onDuplicate, timeout, most);
    }

    /** Whether remotes must show certificates. */
    public boolean asksForCertificates() {
        return tls.map(TlsSettings::clientCertificate).orElse(false);
    }
}
