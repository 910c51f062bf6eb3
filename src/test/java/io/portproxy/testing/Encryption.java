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

/** How an extended tunnel is carried, for tests of what holds in either way. */
public enum Encryption {
    /** Over TCP alone. */
    NONE,
    /** Over TLS; the server shows {@link TestCertificates#SERVER}. */
    TLS;

    /** A server that takes its tunnels so. */
    public ServerSettings of(ServerSettings server) {
        return this == NONE ? server : server.withTls(shown(TestCertificates.SERVER));
    }

    /** A client that dials its tunnels so, at localhost. */
    public ClientSettings of(ClientSettings client) {
        return this == NONE ? client : ExtendedSettings.overTls(client, shown("", TestCertificates.CA));
    }

    /** A hand-made remote's connection, TLS handshake included. */
    public TestPeer connect(InetSocketAddress server) throws IOException {
        return this == NONE
                ? TestPeer.connect(Dialect.EXTENDED, server)
                : TestPeer.connectOverTls(Dialect.EXTENDED, server);
    }

    /** A hand-made server's end of a connection, TLS handshake included. */
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
