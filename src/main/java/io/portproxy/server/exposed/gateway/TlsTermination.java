package io.portproxy.server.exposed.gateway;

import io.portproxy.http.AnswerStyle;
import io.portproxy.http.HostName;
import io.portproxy.net.PendingConnections;
import io.portproxy.net.Transport;
import io.portproxy.net.tls.ClientHello;
import io.portproxy.net.tls.ClientHelloReader;
import io.portproxy.net.tls.ServerCertificate;
import io.portproxy.net.tls.ServerNames;
import io.portproxy.net.tls.TlsHandshake;
import io.portproxy.net.tls.TlsRecords;
import io.portproxy.net.tls.TlsResources;
import io.portproxy.server.exposed.user.IncomingConnection;
import io.portproxy.server.exposed.user.UserAnswer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS of a gateway. The name that the user asks for decides whether TLS ends here, and with which
 * certificate. On the gateway's loop.
 */
final class TlsTermination {
    private static final Logger log = LoggerFactory.getLogger(TlsTermination.class);

    /** The owner of the users, before and after their TLS. */
    interface Owner {
        /**
         * Returns who carries TLS unchanged; empty if TLS ends here.
         *
         * @param name the name that the user asks for, {@linkplain HostName#normal normal}
         */
        Optional<Consumer<IncomingConnection>> passthrough(String name);

        /**
         * Takes a user whose TLS ends here.
         *
         * @param name the name that the user asks for, if there is one
         */
        void tlsEnded(IncomingConnection user, Optional<String> name);

        /** The user takes too long for its handshake. The caller resets the user. */
        void late(IncomingConnection user);
    }

    private final ServerNames certificates;
    private final Duration timeout;
    private final PendingConnections pending;
    private final TlsResources resources;
    private final Owner owner;
    private final LongAdder unknown;

    /**
     * @param timeout how long a user may take for its ClientHello, and then for the rest of its handshake
     * @param unknown counts users who asked for a name without a certificate
     */
    TlsTermination(
            ServerNames certificates,
            Duration timeout,
            PendingConnections pending,
            LongAdder unknown,
            TlsResources resources,
            Owner owner) {
        this.certificates = certificates;
        this.timeout = timeout;
        this.pending = pending;
        this.unknown = unknown;
        this.resources = resources;
        this.owner = owner;
    }

    /** Takes a user who has just connected. */
    void read(IncomingConnection user) {
        pending.makeRoomFor(user.address().getAddress());
        Hello outcome = new Hello(user);
        pending.add(outcome.reader, user.address());
        outcome.reader.start(timeout);
    }

    private final class Hello implements ClientHelloReader.Outcome {
        private final IncomingConnection user;
        private final ClientHelloReader reader;

        Hello(IncomingConnection user) {
            this.user = user;
            this.reader = new ClientHelloReader(user.loop(), user.transport().socket(), this);
        }

        @Override
        public void complete(ClientHello hello, ByteBuffer bytes) {
            pending.remove(reader);
            Optional<String> name = hello.serverName().map(HostName::normal);
            Optional<Consumer<IncomingConnection>> carrier = name.flatMap(owner::passthrough);
            if (carrier.isPresent()) {
                carrier.get().accept(user.after(bytes).unwatched());
                return;
            }
            Optional<ServerCertificate> certificate = certificates.find(hello);
            if (certificate.isPresent()) {
                handshake(user, name, certificate.get(), bytes);
            } else {
                unknown.increment();
                log.debug("user {}: TLS: there is no certificate for {}", user.addressText(), name.orElse("no name"));
                reader.refuse(TlsRecords.unrecognizedNameAlert());
            }
        }

        @Override
        public void notTls(ByteBuffer bytes, String why) {
            pending.remove(reader);
            log.debug("user {}: no TLS: {}", user.addressText(), why);
            if (isHeader(bytes)) {
                user.reset();
            } else if (TlsRecords.isHttpRequest(bytes)) {
                byte[] start = new byte[bytes.remaining()];
                bytes.duplicate().get(start);
                new UserAnswer(400, "This port speaks HTTPS: begin the address with https://")
                        .send(user, AnswerStyle.ofPart(start, start.length));
            } else {
                reader.refuse(TlsRecords.unexpectedMessageAlert());
            }
        }

        private boolean isHeader(ByteBuffer bytes) {
            try {
                user.checkStart(bytes);
                return false;
            } catch (IOException e) {
                return true; // the watch has reported it
            }
        }

        @Override
        public void late() {
            owner.late(user);
        }

        @Override
        public void failed(String why) {
            pending.remove(reader);
            log.debug("user {}: TLS: {}", user.addressText(), why);
        }
    }

    private void handshake(IncomingConnection user, Optional<String> name, ServerCertificate shown, ByteBuffer first) {
        Handshake outcome = new Handshake(user, name, shown);
        TlsHandshake handshake =
                TlsHandshake.server(user.loop(), user.transport().socket(), first, shown.tls(), resources, outcome);
        outcome.handshake = handshake;
        pending.makeRoomFor(user.address().getAddress());
        pending.add(handshake, user.address());
        handshake.start(timeout);
    }

    private final class Handshake implements TlsHandshake.Outcome {
        private final IncomingConnection user;
        private final Optional<String> name;
        private final ServerCertificate shown;
        private @Nullable TlsHandshake handshake;

        Handshake(IncomingConnection user, Optional<String> name, ServerCertificate shown) {
            this.user = user;
            this.name = name;
            this.shown = shown;
        }

        @Override
        public void connected(Transport transport) {
            forget();
            owner.tlsEnded(user.inside(transport, shown).unwatched(), name);
        }

        @Override
        public void late() {
            owner.late(user);
        }

        @Override
        public void failed(String why) {
            forget();
            log.debug("user {}: TLS: {}", user.addressText(), why);
        }

        private void forget() {
            if (handshake != null) {
                pending.remove(handshake);
            }
        }
    }
}
