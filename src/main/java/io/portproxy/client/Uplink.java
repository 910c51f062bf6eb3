package io.portproxy.client;

import io.portproxy.tunnel.TunnelHandle;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The tunnels to one proxy server. The first one leads. Any thread; {@link #start} and {@link #stop} are called once each. */
final class Uplink {
    private final String text;
    private final List<TunnelKeeper> keepers;

    Uplink(ClientContext context, ServerAddresses server) {
        text = server.text();
        keepers = IntStream.range(0, context.settings().tunnels())
                .mapToObj(index -> new TunnelKeeper(context, server, index))
                .toList();
        keepers.stream().skip(1).forEach(keepers.get(0)::leads);
    }

    void start() {
        keepers.forEach(TunnelKeeper::start);
    }

    CompletableFuture<Void> stop(Duration grace) {
        return CompletableFuture.allOf(
                keepers.stream().map(keeper -> keeper.stop(grace)).toArray(CompletableFuture<?>[]::new));
    }

    /** Returns whether all tunnels are up. */
    boolean isUp() {
        return keepers.stream().allMatch(TunnelKeeper::isUp);
    }

    /** Returns the tunnels that are up. */
    Stream<TunnelHandle> tunnels() {
        return keepers.stream().flatMap(keeper -> keeper.tunnel().stream());
    }

    /** Returns the state of the ports that the server is asked for. */
    Stream<ExposureView> exposed() {
        return keepers.stream().flatMap(TunnelKeeper::exposed);
    }

    ClientView.Server view() {
        int up = (int) tunnels().count();
        Optional<String> trouble =
                keepers.stream().flatMap(keeper -> keeper.trouble().stream()).findFirst();
        return new ClientView.Server(text, keepers.size(), up, trouble);
    }
}
