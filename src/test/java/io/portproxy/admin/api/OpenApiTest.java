package io.portproxy.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import io.portproxy.admin.AdminClient;
import io.portproxy.admin.problem.ProblemTypes;
import io.portproxy.config.Started;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests that the API's description contains and describes everything that a controller accepts and answers. */
class OpenApiTest {
    private static final String DESCRIPTION = "/v3/api-docs";
    private static final Path FILE = Path.of("src/main/resources/openapi.json");

    @TempDir
    private static Path folder;

    private static ConfigurableApplicationContext server;
    private static Map<String, Object> api;

    @BeforeAll
    static void start() throws Exception {
        server = Started.server(folder, AdminClient.USERS);
        api = JsonPath.read(AdminClient.BOB.get(server, DESCRIPTION).body(), "$");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Map<String, Object> map(Map<?, ?> parent, String key) {
        return JsonPath.read(parent, "$['" + key + "']");
    }

    private static void forEachOperation(BiConsumer<String, Map<String, Object>> test) {
        map(api, "paths")
                .forEach((path, operations) -> ((Map<?, ?>) operations)
                        .keySet()
                        .forEach(method ->
                                test.accept(method + " " + path, map((Map<?, ?>) operations, String.valueOf(method)))));
    }

    @Test
    void isMadeFromTheControllers() throws Exception {
        JsonNode made = JsonMapper.shared().readTree(GeneratedDescription.of(server));
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(FILE, made.toPrettyString() + "\n");
        }

        assertThat(JsonMapper.shared().readTree(FILE))
                .as("%s; to write it again, run this test with -Ddocs.write=true", FILE)
                .isEqualTo(made);
    }

    @Test
    void namesTheCookieOfThisProcess() {
        String name = server.getEnvironment().getRequiredProperty("server.servlet.session.cookie.name");

        assertThat(map(map(map(api, "components"), "securitySchemes"), "session")
                        .get("name"))
                .isEqualTo(name);
    }

    @Test
    void saysTheSameInYaml() throws Exception {
        AdminClient.Answer yaml = AdminClient.BOB.get(server, DESCRIPTION + ".yaml");

        assertThat(yaml.type()).startsWith("application/vnd.oai.openapi");
        assertThat(yaml.body()).doesNotStartWith("{");
        assertThat((Map<?, ?>) new Yaml().load(yaml.body())).isEqualTo(api);
    }

    @Test
    void hasEveryMappingOfEveryController() {
        TreeSet<String> mapped = new TreeSet<>();
        server.getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .forEach((mapping, handler) -> {
                    if (handler.getBeanType().getName().startsWith("io.portproxy.")
                            && handler.getBeanType() != DescriptionController.class
                            && !ErrorController.class.isAssignableFrom(handler.getBeanType())) {
                        assertThat(mapping.getMethodsCondition().getMethods())
                                .as("methods of %s", handler)
                                .isNotEmpty();
                        mapping.getPatternValues()
                                .forEach(path -> mapping.getMethodsCondition()
                                        .getMethods()
                                        .forEach(method ->
                                                mapped.add(method.name().toLowerCase(Locale.ROOT) + " " + path)));
                    }
                });
        TreeSet<String> described = new TreeSet<>();
        forEachOperation((name, operation) -> described.add(name));

        mapped.addAll(List.of("post /login", "post /logout")); // Spring Security handles these
        assertThat(described)
                .isEqualTo(mapped)
                .contains("get /api/v1/remotes", "delete /api/v1/connections/{identity}");
    }

    @Test
    void describesEveryOperationAndParameter() {
        forEachOperation((name, operation) -> {
            assertThat(operation).as(name).containsKeys("summary", "description", "tags", "responses");
            assertIsText(operation.get("description"), name);
            assertThat((String) operation.get("summary")).as(name).contains(" ").doesNotEndWith(".");
            assertThat(operation.get("description")).as(name).isNotEqualTo(operation.get("summary") + ".");
            for (Object parameter : (List<?>) operation.getOrDefault("parameters", List.of())) {
                Map<?, ?> one = (Map<?, ?>) parameter;
                assertIsText(one.get("description"), name + ", parameter " + one.get("name"));
            }
        });
        assertThat((List<?>) api.get("tags"))
                .allSatisfy(tag -> assertIsText(((Map<?, ?>) tag).get("description"), String.valueOf(tag)));
    }

    @Test
    void describesEveryField() {
        Map<String, Object> schemas = map(map(api, "components"), "schemas");

        assertThat(schemas).containsKeys("Connection", "Remote", "Port", "Problem");
        schemas.forEach((name, schema) -> {
            Map<?, ?> type = (Map<?, ?>) schema;
            assertIsText(type.get("description"), name);
            if (type.containsKey("properties")) {
                map(type, "properties")
                        .forEach((field, property) ->
                                assertIsText(((Map<?, ?>) property).get("description"), name + "." + field));
            }
        });
    }

    @Test
    void saysTheUnitOfWhatIsMeasured() {
        map(map(api, "components"), "schemas")
                .forEach((name, schema) -> Stream.of((Map<?, ?>) schema)
                        .filter(type -> type.containsKey("properties"))
                        .forEach(type -> map(type, "properties").forEach((field, property) -> {
                            String description = String.valueOf(((Map<?, ?>) property).get("description"));
                            if (field.endsWith("Millis")) {
                                assertThat(description).as(name + "." + field).containsIgnoringCase("milliseconds");
                            } else if (field.startsWith("bytes") || field.endsWith("Bytes")) {
                                assertThat(description).as(name + "." + field).containsIgnoringCase("bytes");
                            }
                        })));
    }

    @Test
    void describesEveryErrorAsAProblemWithItsType() {
        forEachOperation((name, operation) -> {
            Map<String, Object> responses = map(operation, "responses");
            assertThat(responses)
                    .as(name)
                    .containsKeys(
                            name.contains("/logout")
                                    ? "204"
                                    : name.matches("post .*/(tokens|users|api-tokens)") ? "201" : "200",
                            "400",
                            "401",
                            "406",
                            "429",
                            "500",
                            "503");
            assertThat(responses.containsKey("403"))
                    .as(name)
                    .isEqualTo(!name.startsWith("get ")
                            || name.matches("get .*/(export|export.yml|users|users/.*|api-tokens)"));
            assertThat(responses.containsKey("404")).as(name).isEqualTo(name.contains("{"));
            responses.forEach((status, response) -> {
                assertIsText(((Map<?, ?>) response).get("description"), name + " " + status);
                if (!status.startsWith("2")) {
                    assertThat(String.valueOf(((Map<?, ?>) response).get("description")))
                            .contains("`" + ProblemTypes.type(Integer.parseInt(status)) + "`");
                    assertThat(map(map((Map<?, ?>) response, "content"), "application/problem+json"))
                            .hasToString("{schema={$ref=#/components/schemas/Problem}}");
                }
            });
        });
    }

    @Test
    void limitsWhatHasLimits() {
        Map<String, Object> schemas = map(map(api, "components"), "schemas");
        assertThat(schemas.keySet())
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                ApiSchemas.RECORDS.keySet().stream(),
                                Stream.of(
                                        "ApiTokenRequest",
                                        "GatewayDefinition",
                                        "Problem",
                                        "UserRequest",
                                        "Login",
                                        "Desired",
                                        "Export",
                                        "ExportedRemote",
                                        "RemoteDefinition",
                                        "RemoteHost",
                                        "RemotePort",
                                        "TokenRequest"))
                        .toList());
        schemas.keySet()
                .removeAll(List.of(
                        "TokenRequest",
                        "ApiTokenRequest",
                        "UserRequest",
                        "Limits",
                        "Bandwidth")); // none of their fields is required
        schemas.forEach((name, schema) -> assertThat((List<?>) ((Map<?, ?>) schema).get("required"))
                .as(name)
                .isNotEmpty());
        Map<String, Object> remote = map(map(schemas, "Remote"), "properties");
        assertThat(map(remote, "state").get("enum")).isEqualTo(List.of("up", "away", "template"));
        assertThat(map(remote, "dialect").get("enum")).isEqualTo(java.util.Arrays.asList("extended", "classic", null));
        assertThat(map(remote, "dialect").get("type")).isEqualTo(List.of("string", "null"));
        assertThat(map(remote, "instances").get("minimum")).isEqualTo(0);
        List<Map<String, Object>> parameters = JsonPath.read(api, "$.paths['/api/v1/connections'].get.parameters");
        assertThat(parameters)
                .anySatisfy(parameter -> assertThat(parameter)
                        .containsEntry("name", "size")
                        .extractingByKey("schema")
                        .hasToString("{type=integer, format=int32, default=100, maximum=1000, minimum=1}"));
        assertThat(map(map(map(api, "paths"), "/api/v1/events"), "get").get("operationId"))
                .isEqualTo("listenToEvents");
    }

    @Test
    void limitsNoOtherParameter() {
        Map<String, Set<String>> limits = new TreeMap<>();
        forEachOperation((name, operation) -> {
            for (Object parameter : (List<?>) operation.getOrDefault("parameters", List.of())) {
                Map<String, Object> whole = map((Map<?, ?>) parameter, "schema");
                Map<String, Object> schema = whole.containsKey("items") ? map(whole, "items") : whole;
                Object limit = Stream.of("enum", "pattern", "maximum", "minimum")
                        .filter(schema::containsKey)
                        .findFirst()
                        .map(schema::get)
                        .orElse("none");
                limits.computeIfAbsent((String) ((Map<?, ?>) parameter).get("name"), key -> new TreeSet<>())
                        .add(limit.toString());
            }
        });

        assertThat(limits)
                .allSatisfy((name, values) -> assertThat(values).as(name).hasSize(1))
                .containsEntry("identity", Set.of("^[0-9a-fA-F]{1,12}$"))
                .containsEntry("role", Set.of("[\"server\",\"client\"]"))
                .containsEntry("page", Set.of("0"))
                .containsEntry("size", Set.of("1000"));
        assertThat(limits.entrySet())
                .filteredOn(entry -> !entry.getValue().contains("none"))
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder(
                        "Last-Event-ID",
                        "by",
                        "identity",
                        "page",
                        "per",
                        "recent",
                        "role",
                        "size",
                        "sort",
                        "state",
                        "type");
    }

    @Test
    void saysHowToLogIn() {
        assertThat(map(map(api, "components"), "securitySchemes"))
                .containsOnlyKeys("basic", "bearer", "session", "secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {DESCRIPTION, DESCRIPTION + ".yaml"})
    void needsALogin(String path) throws Exception {
        assertThat(AdminClient.NOBODY.get(server, path).status()).isEqualTo(401);
        assertThat(AdminClient.BOB.get(server, path).status()).isEqualTo(200);
    }

    @Test
    void hasAPageWithoutInlineScript() throws Exception {
        AdminClient.Answer page = AdminClient.NOBODY.get(server, "/swagger-ui.html");

        assertThat(page.type()).startsWith("text/html");
        assertThat(AdminClient.NOBODY
                        .get(server, "/webjars/swagger-ui/swagger-ui-bundle.js")
                        .status())
                .isEqualTo(200);
        assertThat(page.body()).contains("swagger-ui-bundle.js").doesNotContain("<style", "style=");
        assertThat(page.body().replaceAll("<script[^>]*>\\s*</script>", "")).doesNotContain("<script");
        assertThat(page.response()
                        .headers()
                        .firstValue("Content-Security-Policy")
                        .orElseThrow())
                .startsWith("default-src 'self'");
    }

    /** Checks that the text consists of sentences in Markdown. */
    private static void assertIsText(Object text, String what) {
        assertThat(text).as("the description of %s", what).isInstanceOf(String.class);
        assertThat((String) text)
                .as("the description of %s", what)
                .matches("(?s)[A-Z0-9`].*\\.")
                .doesNotContain("<code>", "\n", "  ");
    }
}
