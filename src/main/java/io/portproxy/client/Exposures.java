package io.portproxy.client;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import io.portproxy.protocol.Expose;
import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.ExposeRefusal;
import io.portproxy.protocol.ExposeRefused;
import io.portproxy.protocol.Exposed;
import io.portproxy.protocol.Features;
import io.portproxy.protocol.Printable;
import io.portproxy.tunnel.TunnelControl;
import io.portproxy.tunnel.connection.TunnelTerms;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one proxy server to expose the targets that this remote wishes. It asks each time the first tunnel comes up. While a wish is refused
 * for a temporary reason, it asks again. On the tunnel's loop, unless a method says otherwise.
 */
final class Exposures {
    private static final Logger log = LoggerFactory.getLogger(Exposures.class);

    private final ClientContext context;
    private final String serverHost;
    private final EventLoop loop;
    private final List<One> all;
    private @Nullable TunnelControl tunnel; // null while it is down
    private Timers.@Nullable Timer again;

    /** One wish, and the server's answer. */
    private static final class One {
        private final int number;
        private final ExposeWish wish;
        private final String target;
        private volatile Optional<ExposedTarget> exposed = Optional.empty(); // as last reported
        private volatile @Nullable String refusal; // as last reported

        One(int number, ExposeWish wish) {
            this.number = number;
            this.wish = wish;
            this.target = Sockets.text(wish.host().orElse(AllowedTarget.LOOPBACK), wish.targetPort());
        }

        /**
         * Returns the instruction for this wish. It asks for the port that the target had before, because a server that was restarted does
         * not know it.
         */
        Expose instruction() {
            if (wish.http()) {
                return new Expose(number, Expose.HTTP, 0, false, wish.targetPort(), wish.host());
            }
            boolean only = wish.port() > 0;
            int port = only ? wish.port() : exposed.map(ExposedTarget::port).orElse(0);
            return new Expose(number, Expose.TCP, port, only, wish.targetPort(), wish.host());
        }
    }

    /** @param serverHost the host at which this remote reaches the server */
    Exposures(ClientContext context, String serverHost, EventLoop loop) {
        this.context = context;
        this.serverHost = serverHost;
        this.loop = loop;
        List<ExposeWish> wishes = context.settings().expose();
        this.all = IntStream.range(0, wishes.size())
                .mapToObj(number -> new One(number, wishes.get(number)))
                .toList();
    }

    /**
     * Returns the state of all wishes. Any thread.
     *
     * @param server the server that is asked
     */
    Stream<ExposureView> view(String server) {
        return all.stream().map(one -> {
            Optional<String> refusal = Optional.ofNullable(one.refusal);
            return new ExposureView(
                    one.target,
                    server,
                    one.exposed.filter(there -> refusal.isEmpty()).map(ExposedTarget::address),
                    refusal);
        });
    }

    /** Is called when the tunnel is up. Sends the wishes. */
    void begin(TunnelControl up, TunnelTerms terms) {
        if (all.isEmpty()) {
            return;
        }
        if (!terms.has(Features.EXPOSE)) {
            String why = "the server cannot give ports to remotes that ask for them: it has an older version";
            all.forEach(one -> refused(one, ExposeRefusal.UNSUPPORTED, why));
            return;
        }
        tunnel = up;
        all.forEach(one -> up.send(one.instruction()));
    }

    /** Is called when the tunnel has ended. */
    void end() {
        tunnel = null;
        if (again != null) {
            again.cancel();
            again = null;
        }
    }

    /** Handles an answer of the server. Ignores answers to wishes that do not exist. */
    void answered(ExposeInstruction answer) {
        if (answer.number() >= all.size()) {
            return;
        }
        One one = all.get(answer.number());
        if (answer instanceof Exposed exposed) {
            exposed(one, exposed);
        } else if (answer instanceof ExposeRefused refused) {
            refused(one, refused.reason(), refused.message());
        }
    }

    private void exposed(One one, Exposed answer) {
        String host = answer.host().isEmpty() ? serverHost : answer.host();
        ExposedTarget now = one.wish.http()
                ? ExposedTarget.web(one.target, host, answer.port())
                : new ExposedTarget(one.target, host, answer.port());
        boolean told = one.refusal == null && one.exposed.equals(Optional.of(now));
        one.exposed = Optional.of(now);
        one.refusal = null;
        if (!told) {
            log.info("{} is exposed at {}", one.target, now.text());
            context.exposeListener().exposed(now);
        }
    }

    private void refused(One one, ExposeRefusal reason, String message) {
        String why = Printable.of(message);
        if (!why.equals(one.refusal)) {
            one.refusal = why;
            log.warn("the server does not expose {}: {}", one.target, why);
            context.exposeListener().refused(one.target, reason, why);
        }
        if (!reason.isLast() && again == null && tunnel != null) {
            again = loop.timers().after(context.settings().times().backoffMax().toNanos(), this::askAgain);
        }
    }

    /** Asks again for all targets that were refused. */
    private void askAgain() {
        again = null;
        TunnelControl up = tunnel;
        if (up != null) {
            all.stream().filter(one -> one.refusal != null).forEach(one -> up.send(one.instruction()));
        }
    }
}
