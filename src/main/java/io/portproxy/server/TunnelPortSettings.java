package io.portproxy.server;

import io.portproxy.net.tls.TlsSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Where remotes connect, and what they have to say.
 *
 * @param bind the address; resolved, port 0 for any free port
 * @param tls how tunnels are encrypted; empty for plain TCP. With client certificates, a certificate's name must be the
 *     remote name
 * @param classicAllowed whether remotes without a token may speak the classic dialect
 * @param onDuplicate what becomes of a second instance with a name
 * @param greetingTimeout how long a new tunnel may take until its greeting is complete, and as long for its TLS handshake before
 * @param maxGreetings tunnels that may be without a complete greeting at a time; then the address with most of them loses its oldest
 */
public record TunnelPortSettings(
        InetSocketAddress bind,
        Optional<TlsSettings> tls,
        boolean classicAllowed,
        OnDuplicate onDuplicate,
        Duration greetingTimeout,
        int maxGreetings) {
    /** The same at another address. */
    public TunnelPortSettings withBind(InetSocketAddress address) {
        return new TunnelPortSettings(address, tls, classicAllowed, onDuplicate, greetingTimeout, maxGreetings);
    }

    /** The same, encrypted. */
    public TunnelPortSettings withTls(TlsSettings encryption) {
        return new TunnelPortSettings(
                bind, Optional.of(encryption), classicAllowed, onDuplicate, greetingTimeout, maxGreetings);
    }

    /** The same with another rule for a second instance. */
    public TunnelPortSettings withOnDuplicate(OnDuplicate rule) {
        return new TunnelPortSettings(bind, tls, classicAllowed, rule, greetingTimeout, maxGreetings);
    }

    /** The same with other bounds of greetings. */
    public TunnelPortSettings withGreetings(Duration timeout, int most) {
        return new TunnelPortSettings(bind, tls, classicAllowed, onDuplicate, timeout, most);
    }

    /** Whether remotes show certificates. */
    public boolean asksForCertificates() {
        return tls.map(TlsSettings::clientCertificate).orElse(false);
    }
}
