package io.portproxy.client;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Sockets;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Where a tunnel's proxy server is: by its name, looked up for each dial, or at one address. */
interface ServerAddresses {

    /**
     * Tells the addresses, at least one, or why there is none; once, on that loop, at once or later.
     *
     * @param failed gets a reason in words
     */
    void find(EventLoop loop, Consumer<List<InetSocketAddress>> found, Consumer<String> failed);

    /** What users can reach the server by, as far as is known here. */
    String host();

    /** How the server is called in logs. */
    String text();

    /** All that the name has at the time. */
    static ServerAddresses named(InetSocketAddress server, Resolver resolver) {
        return new ServerAddresses() {
            @Override
            public void find(EventLoop loop, Consumer<List<InetSocketAddress>> found, Consumer<String> failed) {
                resolver.resolve(
                        server.getHostString(),
                        loop,
                        addresses -> found.accept(Arrays.stream(addresses)
                                .map(address -> new InetSocketAddress(address, server.getPort()))
                                .toList()),
                        e -> failed.accept(String.valueOf(e.getMessage())));
            }

            @Override
            public String host() {
                return server.getHostString();
            }

            @Override
            public String text() {
                return Sockets.text(server);
            }
        };
    }

    /** That one. */
    static ServerAddresses at(InetSocketAddress address) {
        return new ServerAddresses() {
            @Override
            public void find(EventLoop loop, Consumer<List<InetSocketAddress>> found, Consumer<String> failed) {
                found.accept(List.of(address));
            }

            @Override
            public String host() {
                return address.getAddress().getHostAddress();
            }

            @Override
            public String text() {
                return Sockets.text(address);
            }
        };
    }
}
