package io.portproxy.testing;

import io.portproxy.client.ClientSettings;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.protocol.Dialect;
import io.portproxy.server.ServerSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** The transport of an extended tunnel, for tests that run over both. */
public enum Encryption {
    /** TCP alone. */
    NONE,
    /** TLS. The server shows {@link TestCertificates#SERVER}. */
    TLS;

    /** Returns the settings of a server that accepts its tunnels over this transport. */
    public ServerSettings of(ServerSettings server) {
        return this == NONE ? server : server.withTls(shown(TestCertificates.SERVER));
    }

    /** Returns the settings of a client that dials its tunnels over this transport, at localhost. */
    public ClientSettings of(ClientSettings client) {
        return this == NONE ? client : ExtendedSettings.overTls(client, shown("", TestCertificates.CA));
    }

    /** Opens the connection of a hand-made remote, TLS handshake included. */
    public TestPeer connect(InetSocketAddress server) throws IOException {
        return this == NONE
                ? TestPeer.connect(Dialect.EXTENDED, server)
                : TestPeer.connectOverTls(Dialect.EXTENDED, server);
    }

    /** Returns the end of a connection that a hand-made server has accepted, TLS handshake included. */
    Socket accepted(Socket socket) throws IOException {
        if (this == NONE) {
            return socket;
        }
        SSLSocket layered = (SSLSocket) TestCertificates.context(TestCertificates.SERVER)
                .getSocketFactory()
                .createSocket(socket, null, socket.getPort(), true);
        layered.setUseClientMode(false);
        layered.startHandshake();
        return layered;
    }

    private static TlsSettings shown(String own, String... trusted) {
        SSLContext context = TestCertificates.context(own, trusted);
        return new TlsSettings(() -> context, false);
    }
}
