package io.portproxy.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.admin.AdminClient;
import io.portproxy.config.Started;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tests which roles may use each operation in the API's description. An operation that changes something is for admins only,
 * unless it is listed here.
 */
class RolesTest {
    private static final AdminClient OLGA = new AdminClient("olga:olga-secret");
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    /** The operations that operators may use and viewers may not. */
    private static final Set<String> OPERATORS = Set.of(
            "DELETE /api/v1/connections",
            "DELETE /api/v1/connections/{identity}",
            "DELETE /api/v1/remotes/{name}/tunnels");

    /** The GET operations that only admins may use. */
    private static final Set<String> SECRET = Set.of(
            "GET /api/v1/api-tokens",
            "GET /api/v1/config/export",
            "GET /api/v1/config/export.yml",
            "GET /api/v1/users",
            "GET /api/v1/users/{name}");

    @TempDir
    private Path folder;

    @Test
    void everyOperationIsForThoseWhomItIsMeantFor() throws Exception {
        try (ConfigurableApplicationContext server = Started.server(
                folder,
                AdminClient.USERS
                        + "  - {name: olga, password: '{noop}olga-secret', role: operator}\nportproxy.store: none\n")) {
            for (String operation : operations(server)) {
                boolean anybody = operation.startsWith("GET ") && !SECRET.contains(operation);
                boolean operator = anybody || OPERATORS.contains(operation);
                assertThat(status(AdminClient.NOBODY, server, operation))
                        .as("nobody: " + operation)
                        .isEqualTo(UNAUTHORIZED);
                assertThat(status(AdminClient.BOB, server, operation) != FORBIDDEN)
                        .as("viewer: " + operation)
                        .isEqualTo(anybody);
                assertThat(status(OLGA, server, operation) != FORBIDDEN)
                        .as("operator: " + operation)
                        .isEqualTo(operator);
                assertThat(status(AdminClient.ALICE, server, operation))
                        .as("admin: " + operation)
                        .isNotEqualTo(FORBIDDEN);
            }
            assertThat(OLGA.get(server, "/api/v1/users").text("detail"))
                    .isEqualTo("this user has the role operator, which does not allow this request");
        }
    }

    /** Returns the operations, each as its method and path, without event streams, which never end, and without the login. */
    private static Set<String> operations(ConfigurableApplicationContext server) throws Exception {
        JsonNode api = JsonMapper.shared()
                .readTree(AdminClient.BOB.get(server, "/v3/api-docs").body());
        Map<String, Boolean> operations = new TreeMap<>();
        api.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> operations.put(
                                method.toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                path.getKey().startsWith("/api/v1/")
                                        && !path.getKey().endsWith("/events"))));
        operations.values().removeIf(isMeant -> !isMeant);
        assertThat(operations.keySet()).containsAll(OPERATORS).containsAll(SECRET);
        return operations.keySet();
    }

    /**
     * Returns the status of a request that names nothing that exists and has an empty object as its body. If the caller may
     * use the operation, the request therefore has no effect.
     */
    private static int status(AdminClient who, ConfigurableApplicationContext server, String operation)
            throws Exception {
        String[] parts = operation.split(" ", 2);
        String path = parts[1].replace("{identity}", "1").replaceAll("\\{[a-z]+}", "none");
        return who.sendJson(server, parts[0], path, parts[0].equals("GET") ? "" : "{}")
                .status();
    }
}
