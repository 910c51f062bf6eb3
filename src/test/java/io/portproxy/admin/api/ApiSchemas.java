package io.portproxy.admin.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.portproxy.admin.events.EventJson;
import io.portproxy.admin.events.Role;
import io.portproxy.admin.manage.AccessBody;
import io.portproxy.admin.manage.ApiTokenJson;
import io.portproxy.admin.manage.ChangeJson;
import io.portproxy.admin.manage.ExportBody;
import io.portproxy.admin.manage.GatewayBody;
import io.portproxy.admin.manage.GrantBody;
import io.portproxy.admin.manage.HttpJson;
import io.portproxy.admin.manage.LimitsBody;
import io.portproxy.admin.manage.QuotaBody;
import io.portproxy.admin.manage.ReloadJson;
import io.portproxy.admin.manage.TokenJson;
import io.portproxy.admin.manage.UserJson;
import io.portproxy.admin.security.Rights;
import io.portproxy.client.ClientView;
import io.portproxy.protocol.ExposeRefusal;
import io.portproxy.protocol.Reason;
import io.portproxy.server.GreetingRefusal;
import io.portproxy.server.exposed.user.PortRefusal;
import io.portproxy.tunnel.telemetry.Event;
import io.portproxy.tunnel.telemetry.StreamView;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Completes the schemas of the API's description from the records behind them (JSON Schema 2020-12): which fields are
 * always present, which may be null, and which values and ranges they have.
 */
final class ApiSchemas {
    private static final String NULL = "null";

    /** The records, by the names of their schemas. */
    static final Map<String, Class<? extends Record>> RECORDS = Map.ofEntries(
            Map.entry("ApiToken", ApiTokenJson.class),
            Map.entry("AskedTarget", RemoteAtClient.Asked.class),
            Map.entry("Auth", HttpJson.Auth.class),
            Map.entry("BasicAuth", HttpJson.Basic.class),
            Map.entry("BasicUser", HttpJson.User.class),
            Map.entry("Certificate", CertificateJson.class),
            Map.entry("Change", ChangeJson.class),
            Map.entry("Ban", BanJson.class),
            Map.entry("ChangedItem", ChangeJson.Item.class),
            Map.entry("Closed", ActionResult.Closed.class),
            Map.entry("Webhook", WebhookJson.class),
            Map.entry("WebhookTest", WebhookTestJson.class),
            Map.entry("Connection", Connection.Json.class),
            Map.entry("Disconnected", ActionResult.Disconnected.class),
            Map.entry("EffectiveConfiguration", EffectiveConfiguration.class),
            Map.entry("Event", EventJson.class),
            Map.entry("ExposedTarget", RemoteAtClient.Wish.class),
            Map.entry("ExportedToken", ExportBody.Token.class),
            Map.entry("FieldRules", HttpJson.Fields.class),
            Map.entry("Gateway", GatewayJson.class),
            Map.entry("GatewaySsl", GatewayBody.Ssl.class),
            Map.entry("Grants", GrantBody.class),
            Map.entry("HeaderRules", HttpJson.Headers.class),
            Map.entry("HostOfRemote", HostOfRemote.class),
            Map.entry("Access", AccessBody.class),
            Map.entry("Bandwidth", LimitsBody.Bandwidth.class),
            Map.entry("Limits", LimitsBody.class),
            Map.entry("Hsts", HttpJson.Hsts.class),
            Map.entry("Lifted", ActionResult.Lifted.class),
            Map.entry("Me", MeController.Me.class),
            Map.entry("NewApiToken", ApiTokenJson.Made.class),
            Map.entry("NewRemoteToken", TokenJson.Made.class),
            Map.entry("PageConnection", Page.class),
            Map.entry("Port", PortJson.class),
            Map.entry("PortOfRemote", PortOfRemote.class),
            Map.entry("Process", ProcessJson.class),
            Map.entry("Quota", QuotaBody.class),
            Map.entry("QuotaState", RemoteAtServer.QuotaState.class),
            Map.entry("Refusal", RemoteJson.Refusal.class),
            Map.entry("Reload", ReloadJson.class),
            Map.entry("Remote", RemoteJson.class),
            Map.entry("RemoteToken", TokenJson.class),
            Map.entry("Series", ThroughputJson.Series.class),
            Map.entry("Server", ClientView.Server.class),
            Map.entry("Streams", RemoteJson.Streams.class),
            Map.entry("Throughput", ThroughputJson.class),
            Map.entry("Tunnel", RemoteJson.Tunnel.class),
            Map.entry("TunnelAddress", ProcessJson.End.class),
            Map.entry("TunnelEnd", RemoteJson.End.class),
            Map.entry("Usage", UsageJson.class),
            Map.entry("UsageRow", UsageJson.Row.class),
            Map.entry("User", UserJson.class),
            Map.entry("Warning", ProcessJson.Warning.class));

    static final List<String> ROLES = keys(Role.values(), Role::key);
    static final List<String> CONNECTION_STATES = keys(StreamView.State.values(), Connection::key);
    static final List<String> EVENT_TYPES =
            both(keys(Event.Type.values(), Event.Type::key), List.of(EventJson.DROPPED));

    private static final List<String> REASONS = keys(Reason.values(), Reason::key);
    private static final List<String> DIALECTS = List.of("extended", "classic");

    /** The possible values of a field that has only a few. */
    private static final Map<String, List<String>> VALUES = Map.ofEntries(
            Map.entry("Certificate.source", CertificateJson.SOURCES),
            Map.entry("Certificate.state", CertificateJson.STATES),
            Map.entry("Connection.reason", REASONS),
            Map.entry("Connection.role", ROLES),
            Map.entry("Connection.stalledOn", keys(StreamView.Side.values(), ApiSchemas::lowerCase)),
            Map.entry("Connection.state", both(CONNECTION_STATES, List.of(Connection.ENDED))),
            Map.entry(
                    "Event.reason",
                    both(
                            REASONS,
                            both(
                                    keys(PortRefusal.values(), PortRefusal::key),
                                    both(
                                            keys(GreetingRefusal.values(), GreetingRefusal::key),
                                            keys(ExposeRefusal.values(), ExposeRefusal::key))))),
            Map.entry("Event.role", ROLES),
            Map.entry("Event.type", EVENT_TYPES),
            Map.entry("Gateway.origin", GatewayJson.ORIGINS),
            Map.entry("Me.role", keys(Rights.values(), Rights::key)),
            Map.entry("Port.origin", PortJson.ORIGINS),
            Map.entry("PortOfRemote.origin", PortJson.ORIGINS),
            Map.entry("Port.state", PortJson.STATES),
            Map.entry("HostOfRemote.origin", PortJson.ORIGINS),
            Map.entry("HostOfRemote.tls", List.of("terminate", "passthrough")),
            Map.entry("Port.type", List.of("tcp", "http", "udp", "host")),
            Map.entry("PortOfRemote.type", List.of("tcp", "http", "udp")),
            Map.entry("QuotaState.per", UsageParameters.SPANS),
            Map.entry("Remote.dialect", DIALECTS),
            Map.entry("Remote.origin", Origin.keys(Origin.FILE, Origin.STORE, Origin.GRANTED)),
            Map.entry("Remote.role", ROLES),
            Map.entry("Remote.state", List.of("up", "away", "template")),
            Map.entry("Tunnel.dialect", DIALECTS),
            Map.entry("TunnelAddress.role", ROLES),
            Map.entry("TunnelAddress.security", List.of("plain", "TLS", "TLS with client certificates")),
            Map.entry("TunnelEnd.reason", REASONS),
            Map.entry("Warning.kind", List.of("configuration", "certificate", "files", "descriptors", "memory")));

    private static final Map<String, String> PATTERNS = Map.of(
            "Connection.identity", "^[0-9a-f]{12}$",
            "Event.identity", "^[0-9a-f]{12}$",
            "Tunnel.instance", "^[0-9a-f]{32}$");

    private ApiSchemas() {}

    private static <E> List<String> keys(E[] constants, Function<E, String> key) {
        return Arrays.stream(constants).map(key).toList();
    }

    private static List<String> both(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).distinct().toList();
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Completes the schema if it is that of a record. */
    static void complete(String name, Schema<?> schema) {
        Class<? extends Record> type = RECORDS.get(name);
        if (type != null) {
            JsonInclude include = type.getAnnotation(JsonInclude.class);
            boolean leftOut = include != null && include.value() == JsonInclude.Include.NON_ABSENT;
            List<String> required = new ArrayList<>();
            for (RecordComponent field : fields(type).toList()) {
                boolean optional = field.getType() == Optional.class;
                if (!optional || !leftOut) {
                    required.add(field.getName());
                }
                schema.getProperties()
                        .compute(
                                field.getName(),
                                (key, property) -> field(
                                        name + "." + key, Objects.requireNonNull(property), optional && !leftOut));
            }
            schema.setRequired(required);
        }
    }

    /** Returns the fields of a record, in JSON: a part that is unwrapped has none of its own, but the record has the part's. */
    private static Stream<RecordComponent> fields(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .flatMap(field -> field.getAccessor().isAnnotationPresent(JsonUnwrapped.class)
                        ? fields(field.getType())
                        : Stream.of(field));
    }

    private static Schema<?> field(String path, Schema<?> property, boolean nullable) {
        atLeastZero(property);
        List<String> values = VALUES.get(path);
        if (values != null) {
            setEnum(property, values, nullable);
        }
        property.setPattern(PATTERNS.get(path));
        if (!nullable) {
            return property;
        }
        if (property.get$ref() == null) {
            Set<String> types = new LinkedHashSet<>(types(property));
            types.add(NULL);
            property.setTypes(types);
            return property;
        }
        Schema<?> either = new JsonSchema();
        either.setDescription(property.getDescription());
        property.setDescription(null);
        Schema<?> none = new JsonSchema();
        none.setTypes(Set.of(NULL));
        either.setAnyOf(List.of(property, none));
        return either;
    }

    @SuppressWarnings("unchecked")
    static void setEnum(Schema<?> schema, List<String> values, boolean nullable) {
        List<Object> all = new ArrayList<>(values);
        if (nullable) {
            all.add(null);
        }
        ((Schema<Object>) schema).setEnum(all);
    }

    static Set<String> types(Schema<?> schema) {
        return schema.getTypes() != null
                ? schema.getTypes()
                : Stream.ofNullable(schema.getType()).collect(Collectors.toSet());
    }

    /** Sets the minimum 0 on each number. No number in the API is negative. */
    private static void atLeastZero(Schema<?> schema) {
        Set<String> types = types(schema);
        if (types.contains("integer") || types.contains("number")) {
            schema.setMinimum(BigDecimal.ZERO);
        }
        if (schema.getItems() != null) {
            atLeastZero(schema.getItems());
        }
        if (schema.getAdditionalProperties() instanceof Schema<?> value) {
            atLeastZero(value);
        }
    }
}
