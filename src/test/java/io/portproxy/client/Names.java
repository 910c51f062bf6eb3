package io.portproxy.client;

import io.portproxy.testing.ClientUnderTest;
import io.portproxy.tunnel.telemetry.EventSink;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** A name service that gives every name the addresses that a test sets. */
final class Names {
    private volatile List<String> addresses;

    Names(String... addresses) {
        mean(addresses);
    }

    /** Sets the addresses of all names. Without an address, names do not resolve. */
    void mean(String... meant) {
        addresses = List.of(meant);
    }

    private InetAddress[] addresses(String host) throws UnknownHostException {
        List<String> now = addresses;
        if (now.isEmpty()) {
            throw new UnknownHostException(host);
        }
        InetAddress[] found = new InetAddress[now.size()];
        for (int i = 0; i < found.length; i++) {
            found[i] = InetAddress.getByName(now.get(i)); // a numeric address
        }
        return found;
    }

    /** Starts a remote that uses this name service. */
    ClientUnderTest client(ClientSettings settings) throws InterruptedException, ExecutionException {
        return new ClientUnderTest(
                settings,
                (usual, loops, tls, memory) ->
                        new ProxyClient(usual, loops, tls, memory, EventSink.NONE, new Resolver(this::addresses)));
    }
}
