package io.portproxy.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that, with a NetworkPolicy, pods may connect only to what their values name. */
class ChartPolicyTest {
    private static final String POLICY = "networkPolicy: {enabled: true}\n";

    private static List<NetworkPolicyEgressRule> rules(String values) {
        NetworkPolicy policy = Chart.render(values).only(NetworkPolicy.class);
        assertThat(policy.getSpec().getPolicyTypes()).contains("Egress");
        return policy.getSpec().getEgress();
    }

    /** Returns the ports that are open towards every host, such as {@code TCP 53} or {@code UDP 5000-5010}. */
    private static List<String> open(String values) {
        return rules(values).stream()
                .filter(rule -> rule.getTo().isEmpty())
                .flatMap(rule -> rule.getPorts().stream())
                .map(ChartPolicyTest::text)
                .toList();
    }

    private static String text(NetworkPolicyPort port) {
        String end = port.getEndPort() == null ? "" : "-" + port.getEndPort();
        return port.getProtocol() + " " + port.getPort().getIntVal() + end;
    }

    @Test
    void aServerDialsNobody() {
        assertThat(rules(Chart.SERVER + POLICY)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            https://hooks.example.net/x                  | TCP 443
            HTTP://hooks.example.net?x=a:1               | TCP 80
            http://user:123@hooks.example.net:8081/a:9/b | TCP 8081
            https://[fd00::7]/x                          | TCP 443
            https://[fd00::7]:8443                       | TCP 8443
            ${HOOK}                                      |
            """)
    void aWebhookIsReached(String url, String port) {
        String values = "config: {portproxy: {webhooks: [{url: '" + url + "'}]}}\n" + POLICY;
        if (port == null) { // an address from the environment needs networkPolicy.egress
            assertThat(rules(Chart.SERVER + values)).isEmpty();
        } else {
            assertThat(open(Chart.SERVER + values)).containsExactly("UDP 53", "TCP 53", port);
        }
        assertThat(open(Chart.CLIENT + values)).contains(port == null ? "TCP 9015" : port);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            jdbc:postgresql://db.data.svc:5433/portproxy?ssl=true | TCP 5433
            jdbc:postgresql://db/portproxy                        | TCP 5432
            jdbc:postgresql://a:5433,b,[fd00::7]:5434/portproxy   | TCP 5433, TCP 5432, TCP 5434
            """)
    void aDatabaseIsReached(String url, String ports) {
        String values = Chart.SERVER + "store: {type: database, database: {existingSecret: db, url: '" + url + "'}}\n";
        assertThat(open(values + POLICY)).startsWith("UDP 53", "TCP 53").endsWith(ports.split(", "));
        assertThat(open(values + POLICY)).hasSize(2 + ports.split(", ").length);
    }

    @Test
    void theAuthorityForCertificatesIsReached() {
        assertThat(open(Chart.ACME + POLICY)).containsExactly("UDP 53", "TCP 53", "TCP 9000");
        assertThat(open(Chart.ACME.replaceAll(", directory: '[^']*'", "") + POLICY))
                .as("Let's Encrypt")
                .containsExactly("UDP 53", "TCP 53", "TCP 443");
    }

    /** A target may be TCP or UDP. Only the server knows which. */
    @Test
    void aClientReachesItsServerAndItsTargetsOnOtherHosts() {
        String allow = "17211, '18000-18010', 'localhost:80', '127.0.0.1:81', '[::1]:82', '[::1]:*', 'unix:/run/a:83', "
                + "'db.internal:5432', '[fd00::7]:53', 'sip.internal:5000-5010'";
        assertThat(open(Chart.CLIENT.replace("17211, 'db.internal:5432'", allow) + POLICY))
                .containsExactly(
                        "UDP 53",
                        "TCP 53",
                        "TCP 9015",
                        "TCP 5432",
                        "UDP 5432",
                        "TCP 53",
                        "UDP 53",
                        "TCP 5000-5010",
                        "UDP 5000-5010");
    }

    @Test
    void aClientReachesWhatItAsksToExpose() {
        String expose =
                "config: {portproxy: {client: {expose: [{target: 'web.shop.svc:8080', type: http}, {target: 22}]}}}\n";
        assertThat(open(Chart.CLIENT + expose + POLICY)).contains("TCP 8080").doesNotContain("TCP 22");
    }

    @Test
    void aHostWithAnyPortOpensAll() {
        NetworkPolicyEgressRule all = new NetworkPolicyEgressRule();
        assertThat(rules(Chart.CLIENT.replace("'db.internal:5432'", "'db.internal:*'") + POLICY))
                .contains(all);
        assertThat(rules(Chart.CLIENT + POLICY)).doesNotContain(all);
    }

    @ParameterizedTest
    @CsvSource({"server", "client"})
    void eitherRoleHasRulesOfItsOperator(String role) {
        String own = """
                networkPolicy:
                  enabled: true
                  egress:
                    - to: [{ipBlock: {cidr: 192.0.2.0/24}}]
                      ports: [{port: 4318, protocol: TCP}]
                """;
        String values = role.equals("server") ? Chart.SERVER : Chart.CLIENT;
        assertThat(rules(values + own))
                .filteredOn(rule -> !rule.getTo().isEmpty())
                .flatExtracting(NetworkPolicyEgressRule::getPorts)
                .extracting(ChartPolicyTest::text)
                .containsExactly("TCP 4318");
        assertThat(open(values + own)).as("whose hosts may have names").contains("UDP 53", "TCP 53");
        assertThat(rules(Chart.ACME + own)).hasSize(3);
    }
}
