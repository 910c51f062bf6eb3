package io.portproxy.client;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Sockets;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** The addresses of a tunnel's proxy server: either those of its name, looked up for each attempt, or one fixed address. */
interface ServerAddresses {

    /**
     * Finds the addresses. Calls one of the callbacks once, on that loop, immediately or later.
     *
     * @param found receives at least one address
     * @param failed receives the reason in words
     */
    void find(EventLoop loop, Consumer<List<InetSocketAddress>> found, Consumer<String> failed);

    /** Returns the host at which users can probably reach the server. */
    String host();

    /** Returns the name of the server for logs. */
    String text();

    /** Returns the addresses of a name, which is looked up each time. */
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

    /** Returns one fixed address. */
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
