package io.portproxy.cli;

import io.portproxy.manage.AccessDefinition;
import io.portproxy.manage.Desired;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.GrantDefinition;
import io.portproxy.manage.HostDefinition;
import io.portproxy.manage.HttpDefinition;
import io.portproxy.manage.LimitsDefinition;
import io.portproxy.manage.PortDefinition;
import io.portproxy.manage.QuotaDefinition;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.manage.UdpDefinition;
import io.portproxy.manage.UsersDefinition;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The gateways and remotes of a running server.
 *
 * @param ofFiles the gateways and remotes that its files declare
 * @param ofStore the names of the remotes in its store
 * @param gatewaysOfStore the names of the gateways in its store
 */
record RunningServer(Desired ofFiles, Set<String> ofStore, Set<String> gatewaysOfStore) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String API = "/api/v1/";
    private static final String FILE = "file";
    private static final String STORE = "store";
    private static final int OK = 200;

    /**
     * Asks the server's admin API. Blocks, and waits up to 10 s for each of the two answers.
     *
     * @param url the address of the admin API, without a path
     * @throws WrongUseException the server does not answer, or its answer is no list of remotes or gateways
     */
    static RunningServer ask(String url, String user, String password) {
        JsonNode remotes = list(url, "remotes", user, password);
        try {
            return read(list(url, "gateways", user, password), remotes);
        } catch (JacksonException | IllegalArgumentException e) {
            throw noneOfOurs(url);
        }
    }

    private static JsonNode list(String url, String what, String user, String password) {
        HttpResponse<String> answer = get(url, what, user, password);
        int status = answer.statusCode();
        if (status == 401) {
            throw new WrongUseException("--against: " + url + " does not know the user " + user
                    + " with that password; write another --user, or set another password");
        } else if (status != OK) {
            throw new WrongUseException(
                    "--against: " + url + " answers " + status + "; write the address of a server's admin API");
        }
        try {
            JsonNode list = JsonMapper.shared().readTree(answer.body());
            if (list.isArray()) {
                return list;
            }
        } catch (JacksonException e) {
            // The exception after this block reports it.
        }
        throw noneOfOurs(url);
    }

    private static WrongUseException noneOfOurs(String url) {
        return new WrongUseException(
                "--against: " + url + " does not answer with remotes; write the address of a server's admin API");
    }

    private static HttpResponse<String> get(String url, String what, String user, String password) {
        try {
            String credentials =
                    Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
            HttpRequest request = HttpRequest.newBuilder(URI.create(url.replaceFirst("/+$", "") + API + what))
                    .timeout(PATIENCE)
                    .header("Authorization", "Basic " + credentials)
                    .header("Accept", "application/json")
                    .build();
            return HttpClient.newBuilder().connectTimeout(PATIENCE).build().send(request, BodyHandlers.ofString());
        } catch (IllegalArgumentException e) {
            throw new WrongUseException("--against: " + url + " is no URL; write one such as http://127.0.0.1:9016");
        } catch (ConnectException e) {
            throw new WrongUseException("--against: nobody answers at " + url + "; see that the server runs there");
        } catch (IOException e) {
            throw new WrongUseException("--against: " + url + " cannot be asked: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WrongUseException("--against: interrupted");
        }
    }

    private static RunningServer read(JsonNode gateways, JsonNode remotes) {
        List<RemoteDefinition> ofFiles = new ArrayList<>();
        Set<String> ofStore = new HashSet<>();
        for (JsonNode remote : remotes) {
            String origin = remote.path("origin").asString("");
            if (origin.equals(FILE)) {
                ofFiles.add(remote(remote));
            } else if (origin.equals(STORE)) {
                ofStore.add(remote.path("name").asString(""));
            }
        }
        List<GatewayDefinition> gatewaysOfFiles = new ArrayList<>();
        Set<String> gatewaysOfStore = new HashSet<>();
        for (JsonNode gateway : gateways) {
            String origin = gateway.path("origin").asString("");
            if (origin.equals(FILE)) {
                gatewaysOfFiles.add(gateway(gateway));
            } else if (origin.equals(STORE)) {
                gatewaysOfStore.add(gateway.path("name").asString(""));
            }
        }
        return new RunningServer(new Desired(gatewaysOfFiles, ofFiles), ofStore, gatewaysOfStore);
    }

    private static GatewayDefinition gateway(JsonNode gateway) {
        JsonNode ssl = gateway.path("ssl");
        return new GatewayDefinition(
                gateway.path("name").asString(""),
                gateway.path("bind").asString(""),
                Optional.of(gateway.path("publicPort"))
                        .filter(JsonNode::isIntegralNumber)
                        .map(JsonNode::intValue),
                new GatewayDefinition.Ssl(
                        text(ssl, "bundle"),
                        texts(ssl, "bundles"),
                        ssl.path("acme").asBoolean(false)),
                gateway.path("redirectToHttps").asBoolean(false),
                gateway.path("requestTimeout").asString(GatewayDefinition.DEFAULT_REQUEST_TIMEOUT),
                gateway.path("maxPending").asInt(GatewayDefinition.DEFAULT_MAX_PENDING),
                gateway.path("maxRequestHead").asString(GatewayDefinition.DEFAULT_MAX_REQUEST_HEAD),
                text(gateway, "tunnel"),
                texts(gateway, "acceptProxyProtocol"));
    }

    private static RemoteDefinition remote(JsonNode remote) {
        List<PortDefinition> ports = new ArrayList<>();
        for (JsonNode port : remote.path("ports")) {
            if (!port.path("origin").asString("").equals("granted")) { // no file declares it
                ports.add(port(port));
            }
        }
        List<HostDefinition> hosts = new ArrayList<>();
        for (JsonNode host : remote.path("hosts")) {
            if (!host.path("origin").asString("").equals("granted")) {
                hosts.add(host(host));
            }
        }
        return new RemoteDefinition(
                remote.path("name").asString(""),
                remote.path("description").asString(""),
                remote.path("enabled").asBoolean(true),
                remote.path("anonymous").asBoolean(false),
                ports,
                hosts,
                Optional.of(remote.path("grants")).filter(JsonNode::isObject).map(RunningServer::grants),
                Optional.of(remote.path("access"))
                        .filter(JsonNode::isObject)
                        .map(access -> JsonMapper.shared().treeToValue(access, AccessDefinition.class)),
                Optional.of(remote.path("quota"))
                        .filter(JsonNode::isObject)
                        .map(quota -> JsonMapper.shared().treeToValue(quota, QuotaDefinition.class)),
                Optional.of(remote.path("limits"))
                        .filter(JsonNode::isObject)
                        .map(limits -> JsonMapper.shared().treeToValue(limits, LimitsDefinition.class)),
                text(remote, "holdWhileAway"));
    }

    private static GrantDefinition grants(JsonNode grants) {
        return new GrantDefinition(
                grants.path("ports").asString(""),
                grants.path("max").asInt(GrantDefinition.DEFAULT_MAX),
                grants.path("sticky").asString(""),
                grants.path("bind").asString(""),
                grants.path("maxRemotes").asInt(GrantDefinition.DEFAULT_MAX_REMOTES),
                text(grants, "hosts"));
    }

    private static PortDefinition port(JsonNode port) {
        return new PortDefinition(
                port.path("name").asString(""),
                port.path("enabled").asBoolean(true),
                port.path("type").asString(""),
                port.path("bind").asString(""),
                port.path("remote").asString(""),
                http(port),
                users(port),
                new UdpDefinition(
                        text(port, "idleTimeout"),
                        number(port, "maxSessions"),
                        number(port, "maxSessionsPerUser"),
                        number(port, "replyLimit")));
    }

    private static Optional<Integer> number(JsonNode node, String name) {
        return Optional.of(node.path(name)).filter(JsonNode::canConvertToInt).map(JsonNode::intValue);
    }

    private static HostDefinition host(JsonNode host) {
        return new HostDefinition(
                host.path("host").asString(""),
                host.path("path").asString(HostDefinition.ALL_PATHS),
                texts(host, "gateways"),
                host.path("enabled").asBoolean(true),
                host.path("tls").asString(HostDefinition.TERMINATE),
                host.path("remote").asString(""),
                http(host),
                users(host));
    }

    /** Reads the settings of HTTP. The API uses the same names as {@link HttpDefinition}, and sends no secrets. */
    private static HttpDefinition http(JsonNode node) {
        return JsonMapper.shared().treeToValue(node, HttpDefinition.class).withoutSecrets();
    }

    /** Reads the settings of users. The API uses the same names as {@link UsersDefinition}. */
    private static UsersDefinition users(JsonNode node) {
        return JsonMapper.shared().treeToValue(node, UsersDefinition.class);
    }

    private static List<String> texts(JsonNode node, String name) {
        List<String> texts = new ArrayList<>();
        node.path(name).forEach(text -> texts.add(text.asString("")));
        return texts;
    }

    private static Optional<String> text(JsonNode node, String name) {
        return Optional.ofNullable(node.get(name)).filter(JsonNode::isString).map(JsonNode::stringValue);
    }
}
