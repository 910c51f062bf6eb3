package io.portproxy.config.tls;

import io.portproxy.acme.AcmeCertificates;
import io.portproxy.net.tls.ClientHello;
import io.portproxy.net.tls.ServerCertificate;
import io.portproxy.net.tls.ServerNames;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.server.exposed.gateway.HttpChallenges;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Gives access to the ACME certificates. The parts that need certificates exist before {@link AcmeCertificates}, so they ask this
 * class. It finds nothing until {@link #open}. Any thread; never blocks.
 */
public final class AcmeDoor implements ServerNames, HttpChallenges {
    private volatile @Nullable AcmeCertificates certificates;

    /** Sets the certificates. From now on this class finds them. */
    public void open(AcmeCertificates there) {
        certificates = there;
    }

    /** Returns the certificates; empty before {@link #open}. */
    public Optional<AcmeCertificates> certificates() {
        return Optional.ofNullable(certificates);
    }

    /** Finds no certificate for a client that asks for no name. */
    @Override
    public Optional<ServerCertificate> find(ClientHello hello) {
        Optional<AcmeCertificates> there = certificates();
        if (there.isEmpty() || hello.serverName().isEmpty()) {
            return Optional.empty();
        }
        String name = hello.serverName().get().toLowerCase(Locale.ROOT);
        boolean isChallenge = hello.protocols().contains(AcmeCertificates.CHALLENGE_PROTOCOL);
        Optional<SSLContext> context =
                isChallenge ? there.get().challenge(name) : there.get().context(name);
        List<String> inside = isChallenge ? List.of(AcmeCertificates.CHALLENGE_PROTOCOL) : TlsCheck.HTTP;
        return context.map(
                found -> new ServerCertificate(new TlsSettings(() -> found, false).speaking(inside), Set.of(name)));
    }

    @Override
    public Optional<String> answer(String token) {
        return certificates().flatMap(there -> there.httpChallenge(token));
    }
}
