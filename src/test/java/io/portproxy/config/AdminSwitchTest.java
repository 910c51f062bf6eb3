package io.portproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests that without the admin API no web server starts, and that the role still works. */
class AdminSwitchTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "server, true, true",
        "server, false, false",
        "client, true, true",
        "client, false, false",
        "client, off, false"
    })
    void startsAWebServerOnlyForTheAdminApi(String role, String enabled, boolean web) {
        String yaml = """
            portproxy:
              workers: 1
              admin: {enabled: %s}
              server:
                bind: 127.0.0.1:0
                proxy: [{remote-name: home, port-list: [{bind: 0, remote: 1}]}]
              client: {name: home, server: "127.0.0.1:1"}
            """.formatted(enabled);
        try (ConfigurableApplicationContext context = Started.with(
                folder,
                yaml,
                application -> application.setWebApplicationType(WebApplicationType.SERVLET),
                "--spring.profiles.active=" + role,
                "--server.port=0")) {
            assertThat(context instanceof WebServerApplicationContext).isEqualTo(web);
            assertThat(context.getBean(RuntimeLifecycle.class).isRunning()).isTrue();
        }
    }
}
