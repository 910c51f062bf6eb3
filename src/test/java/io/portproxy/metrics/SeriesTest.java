package io.portproxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.server.exposed.PortView;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the content and the size of a scrape of remotes and ports. */
class SeriesTest {
    private static final int MANY = 5_000;
    private static final String OF_PORT = "port=\"192.0.2.3:7\",remote=\"home\",role=\"server\"}";
    private static final Pattern SAMPLE = Pattern.compile("[a-z_]+(?:\\{(?:[a-z]+=\"[^\"]*\",?)+})? \\S+");

    private static String scrape(PortView... ports) {
        return CountedViews.scrape(samples ->
                ServerMeters.add(samples, List.of(CountedViews.remote(List.of(ports), CountedViews.NO_TUNNELS))));
    }

    private static int bytesPerPort(Function<String, PortView> port) {
        return CountedViews.scrape(samples -> ServerMeters.add(samples, List.of(CountedViews.remote(MANY, port))))
                        .length()
                / MANY;
    }

    private static Set<String> namesOf(String scrape) {
        return scrape.lines()
                .filter(line -> line.contains(OF_PORT))
                .map(line -> line.replaceAll("\\{.*", ""))
                .collect(Collectors.toSet());
    }

    @Test
    void aPortThatNobodyUsesHasItsTotalsOnly() {
        String scrape = scrape(CountedViews.unused("192.0.2.3:7", "tcp"));
        assertThat(scrape)
                .contains("portproxy_streams_live{" + OF_PORT + " 0.0\n")
                .contains("portproxy_streams_opened_total{" + OF_PORT + " 0.0\n")
                .contains("portproxy_streams_transferred_bytes_total{direction=\"in\"," + OF_PORT + " 0.0\n")
                .contains("portproxy_streams_transferred_bytes_total{direction=\"out\"," + OF_PORT + " 0.0\n")
                .contains("portproxy_port_listening{" + OF_PORT + " 1.0\n");
        assertThat(namesOf(scrape)).hasSize(4);
    }

    @Test
    void aPortForHttpAlsoHasItsRefusedRequests() {
        assertThat(scrape(CountedViews.unused("192.0.2.3:7", "http")))
                .contains("portproxy_requests_refused_total{" + OF_PORT + " 0.0\n");
    }

    @Test
    void aRemoteThatNeverCameHasItsTotalsAndItsQuotaOnly() {
        assertThat(scrape().lines().filter(line -> !line.startsWith("#")).toList())
                .containsExactlyInAnyOrder(
                        "portproxy_quota_bytes{port=\"\",remote=\"home\",role=\"server\"} 1000.0",
                        "portproxy_quota_used_bytes{port=\"\",remote=\"home\",role=\"server\"} 800.0",
                        "portproxy_tunnels{remote=\"home\",role=\"server\"} 0.0",
                        "portproxy_tunnel_connects_total{remote=\"home\",role=\"server\"} 0.0",
                        "portproxy_tunnel_queued_bytes{queue=\"sockets\",remote=\"home\",role=\"server\"} 0.0",
                        "portproxy_tunnel_queued_bytes{queue=\"tunnel\",remote=\"home\",role=\"server\"} 0.0");
    }

    @Test
    void whatWasCountedIsThereWithItsReasonAndNoOther() {
        String scrape = scrape(CountedViews.used("192.0.2.3:7"), CountedViews.unused("192.0.2.4:8", "tcp"));
        assertThat(scrape)
                .contains("portproxy_streams_live{" + OF_PORT + " 1.0\n")
                .contains("portproxy_streams_opened_total{" + OF_PORT + " 2.0\n")
                .contains("portproxy_streams_transferred_bytes_total{direction=\"in\"," + OF_PORT + " 1234.0\n")
                .contains("portproxy_streams_transferred_bytes_total{direction=\"out\"," + OF_PORT + " 5678.0\n")
                .contains("portproxy_streams_opens_total{outcome=\"success\"," + OF_PORT + " 2.0\n")
                .containsOnlyOnce("portproxy_streams_opens_total{")
                .containsPattern("portproxy_streams_closed_total\\{.*reason=\"ended\".*} 1\\.0\n")
                .containsOnlyOnce("portproxy_streams_closed_total{")
                .doesNotContain("portproxy_users_refused_total", "portproxy_streams_window");
        assertThat(scrape.lines().filter(line -> line.contains("open_time_seconds") && line.contains("192.0.2.3")))
                .contains(
                        "portproxy_streams_open_time_seconds_bucket{" + OF_PORT.replace("}", ",le=\"0.001\"} 0"),
                        "portproxy_streams_open_time_seconds_bucket{" + OF_PORT.replace("}", ",le=\"0.0025\"} 1"),
                        "portproxy_streams_open_time_seconds_bucket{" + OF_PORT.replace("}", ",le=\"0.005\"} 2"),
                        "portproxy_streams_open_time_seconds_bucket{" + OF_PORT.replace("}", ",le=\"+Inf\"} 2"),
                        "portproxy_streams_open_time_seconds_count{" + OF_PORT + " 2",
                        "portproxy_streams_open_time_seconds_sum{" + OF_PORT + " 0.006");
    }

    @Test
    void eachReasonIsThereOnceItWasCounted() {
        String scrape = CountedViews.scrapeOfEverything();
        for (String reason : StreamCounts.REASONS) {
            Stream.of("streams_closed", "streams_refused", "tunnel_closed")
                    .forEach(name -> assertThat(scrape)
                            .containsPattern("portproxy_" + name + "_total\\{.*reason=\"" + reason + "\".*} 1\\.0\n"));
        }
        assertThat(scrape)
                .containsPattern("portproxy_users_refused_total\\{.*reason=\"remote_away\".*} 1\\.0\n")
                .containsPattern("portproxy_requests_refused_total\\{.*} 1\\.0\n")
                .containsPattern("portproxy_streams_window_stalls_seconds_count\\{.*} 3\n")
                .containsPattern("portproxy_streams_window_stalls_seconds_sum\\{.*} 0\\.5\n")
                .containsPattern("portproxy_tunnel_pauses_seconds_count\\{limit=\"tunnel_buffer\".*} 1\n")
                .containsPattern("portproxy_tunnel_round_trip_seconds\\{.*} 0\\.02\n");
    }

    /** The sizes are those in operations.md. */
    @Test
    void portsAreSmall() {
        assertThat(bytesPerPort(bind -> CountedViews.unused(bind, "tcp"))).isLessThan(600);
        assertThat(bytesPerPort(CountedViews::used)).isLessThan(5_500);
        assertThat(bytesPerPort(CountedViews::full)).isLessThan(13_000);
    }

    static Stream<ExpositionFormatWriter> textFormats() {
        ExpositionFormats formats = ExpositionFormats.init();
        return Stream.of(formats.getPrometheusTextFormatWriter(), formats.getOpenMetricsTextFormatWriter());
    }

    @ParameterizedTest
    @MethodSource("textFormats")
    void eachLineIsACommentOrASampleAndNoSampleIsThereTwice(ExpositionFormatWriter format) {
        String scrape = CountedViews.scrape(
                format, samples -> ServerMeters.add(samples, List.of(CountedViews.remote(100, CountedViews::full))));
        List<String> samples =
                scrape.lines().filter(line -> !line.startsWith("# ")).toList();
        assertThat(samples).isNotEmpty().allSatisfy(line -> assertThat(line).matches(SAMPLE));
        assertThat(samples.stream().map(line -> line.substring(0, line.lastIndexOf(' '))))
                .doesNotHaveDuplicates();
        List<String> families = Pattern.compile("^# TYPE (\\S+)", Pattern.MULTILINE)
                .matcher(scrape)
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(families).doesNotHaveDuplicates();
    }
}
