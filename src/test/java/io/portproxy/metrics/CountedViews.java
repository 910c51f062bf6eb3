package io.portproxy.metrics;

import io.portproxy.client.ClientView;
import io.portproxy.net.TimeHistogram;
import io.portproxy.net.TimeHistogram.Times;
import io.portproxy.server.GrantCounts;
import io.portproxy.server.QuotaView;
import io.portproxy.server.RemoteView;
import io.portproxy.server.exposed.PortView;
import io.portproxy.server.exposed.user.PortRefusal;
import io.portproxy.server.exposed.user.RequestCounts;
import io.portproxy.tunnel.telemetry.DatagramCounts;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.StreamDelays;
import io.portproxy.tunnel.telemetry.TunnelCounts;
import io.portproxy.tunnel.telemetry.TunnelView;
import io.portproxy.usage.Quota;
import io.portproxy.usage.Span;
import io.portproxy.webhook.WebhookView;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Remotes and ports with no counts, or with a count for everything, and the scrape of them. */
public final class CountedViews {
    static final TunnelCounts NO_TUNNELS =
            new TunnelCounts(0, Map.of(), Map.of(), Map.of(), Map.of(), Optional.empty());

    private static final Times NO_TIMES = new TimeHistogram().times();
    private static final StreamCounts NO_STREAMS = new StreamCounts(0, 0, 0, 0, Map.of());
    private static final StreamDelays NO_DELAYS = new StreamDelays(Map.of(), NO_TIMES, NO_TIMES, 0, 0, 0, 0);

    private CountedViews() {}

    private static Map<String, Long> oneOfEach(List<String> keys) {
        return keys.stream().collect(Collectors.toMap(Function.identity(), any -> 1L));
    }

    private static Times times(long... nanos) {
        TimeHistogram histogram = new TimeHistogram();
        Arrays.stream(nanos).forEach(histogram::record);
        return histogram.times();
    }

    static PortView unused(String bind, String type) {
        return port(bind, type, NO_STREAMS, NO_DELAYS, Map.of());
    }

    /** Returns a typical port: it has had two streams, of which one is open. */
    static PortView used(String bind) {
        StreamCounts streams = new StreamCounts(1, 2, 1234, 5678, Map.of("ended", 1L));
        Times opened = times(2_000_000, 4_000_000);
        return port(
                bind,
                "tcp",
                streams,
                new StreamDelays(Map.of(StreamDelays.SUCCESS, 2L), opened, times(8_000_000), 0, 0, 0, 0),
                Map.of());
    }

    /** Returns a port with a count for everything that can be counted. */
    static PortView full(String bind) {
        return port(
                bind,
                "http",
                fullStreams(),
                fullDelays(),
                oneOfEach(Arrays.stream(PortRefusal.values())
                        .map(PortRefusal::key)
                        .toList()));
    }

    private static StreamCounts fullStreams() {
        return new StreamCounts(1, 18, 1234, 5678, oneOfEach(StreamCounts.REASONS));
    }

    private static StreamDelays fullDelays() {
        return new StreamDelays(
                oneOfEach(StreamCounts.REASONS), times(2_000_000), times(8_000_000), 3, 1, 500_000_000, 1);
    }

    private static TunnelCounts fullTunnels() {
        return new TunnelCounts(
                2,
                oneOfEach(StreamCounts.REASONS),
                oneOfEach(StreamCounts.REASONS),
                oneOfEach(TunnelCounts.LIMITS),
                oneOfEach(TunnelCounts.LIMITS),
                Optional.empty());
    }

    private static PortView port(
            String bind, String type, StreamCounts streams, StreamDelays delays, Map<String, Long> refused) {
        return new PortView(
                bind,
                type,
                "home",
                "127.0.0.1:22",
                false,
                PortView.Condition.GOOD,
                new PortView.Counts(
                        streams,
                        delays,
                        refused,
                        type.equals("tcp")
                                ? RequestCounts.NONE
                                : new RequestCounts(Map.of("2xx", 5L, "5xx", 1L), times(3_000_000)),
                        type.equals("udp")
                                ? new DatagramCounts(7, 6, oneOfEach(DatagramCounts.REASONS), 2)
                                : DatagramCounts.NONE));
    }

    static RemoteView remote(List<PortView> ports, TunnelCounts counts) {
        return new RemoteView(
                "home",
                List.of(),
                ports,
                List.of(),
                NO_STREAMS,
                counts,
                Optional.empty(),
                Optional.empty(),
                List.of(new QuotaView(Optional.empty(), new Quota(1000, Span.DAY), 800, Instant.EPOCH)));
    }

    /** Returns a remote with ports whose addresses have the typical length of IPv4. */
    static RemoteView remote(int ports, Function<String, PortView> port) {
        List<PortView> views = IntStream.range(0, ports)
                .mapToObj(i -> port.apply("192.168.100.200:" + (20_000 + i)))
                .toList();
        return remote(views, NO_TUNNELS);
    }

    /** Returns a scrape of both roles in which everything has been counted. */
    public static String scrapeOfEverything() {
        TunnelView tunnel = new TunnelView(
                "192.0.2.1:5",
                "extended",
                "plain",
                Instant.EPOCH,
                1,
                Optional.of(20_000_000L),
                true,
                10,
                20,
                true,
                true);
        ClientView client = new ClientView(
                "elsewhere",
                "192.0.2.2:6",
                List.of(new ClientView.Server("192.0.2.2:6", 1, 1, Optional.empty())),
                0,
                1,
                List.of(),
                fullStreams(),
                fullDelays(),
                new DatagramCounts(7, 6, oneOfEach(DatagramCounts.REASONS), 2),
                fullTunnels(),
                1,
                Optional.empty(),
                List.of(),
                List.of(),
                1,
                List.of());
        return scrape(samples -> {
            ServerMeters.add(
                    samples,
                    List.of(remote(List.of(full("192.0.2.3:7"), unused("192.0.2.3:8-udp", "udp")), fullTunnels())));
            ServerMeters.addGranted(
                    samples,
                    new GrantCounts(
                            1, Map.of(), 1, List.of(new GrantCounts.Owner("dev-*", 1, 1, 2, 1, 1, 1, fullStreams()))));
            ClientMeters.add(samples, client);
            WebhookMeters.add(
                    samples,
                    new WebhookView("hook", "http://h", List.of(), 1, 1, 1, 1, 1, Optional.empty(), Optional.empty()));
            Samples other = samples.with("role", "server").with("remote", "other");
            TunnelMeters.add(other, List.of(tunnel), fullTunnels());
        });
    }

    static String scrape(Consumer<Samples> source) {
        return scrape(ExpositionFormats.init().getPrometheusTextFormatWriter(), source);
    }

    static String scrape(ExpositionFormatWriter writer, Consumer<Samples> source) {
        Series series = new Series();
        series.add(source);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writer.write(bytes, series.collect());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
