package io.portproxy.config.tls;

import io.portproxy.acme.AcmeCertificates;
import io.portproxy.net.tls.ClientHello;
import io.portproxy.net.tls.ServerCertificate;
import io.portproxy.net.tls.ServerNames;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.server.exposed.HttpChallenges;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What asks for certificates is made before the one that has them: it asks here. Nothing is found until that is there. Any thread;
 * never blocks.
 */
public final class AcmeDoor implements ServerNames, HttpChallenges {
    private volatile @Nullable AcmeCertificates certificates;

    /** From now on it is there. */
    public void open(AcmeCertificates there) {
        certificates = there;
    }

    /** The one that has them, if it is there. */
    public Optional<AcmeCertificates> certificates() {
        return Optional.ofNullable(certificates);
    }

    /** A client that asks for no name is shown none. */
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
