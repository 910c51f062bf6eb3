package io.portproxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.config.Started;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.jackson.JacksonMixinModuleEntries;
import org.springframework.context.ConfigurableApplicationContext;

class WebConfigurationTest {

    @Test
    void noStartSearchesForMixins(@TempDir Path folder) {
        try (ConfigurableApplicationContext context = Started.server(folder, "")) {
            assertThat(context.getBeanNamesForType(JacksonMixinModuleEntries.class))
                    .containsExactly(WebConfiguration.MIXINS);
            assertThat(context.getBeanFactory()
                            .getBeanDefinition(WebConfiguration.MIXINS)
                            .getFactoryMethodName())
                    .as("Spring Boot's own bean, which searches, has a factory method")
                    .isNull();
        }
    }
}
