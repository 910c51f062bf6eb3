package io.portproxy.admin.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * Serves the description of the API (OpenAPI). It is a file that is the same for each process of this version. It is made from the
 * controllers and their Javadoc, and a test fails if it differs from them.
 */
@RestController
class DescriptionController {
    private static final String FILE = "openapi.json";

    /** Stands in the file for the name of the session's cookie, which each process sets for itself. */
    static final String COOKIE = "${server.servlet.session.cookie.name}";

    private final String cookie;

    DescriptionController(@Value(COOKIE) String cookie) {
        this.cookie = cookie;
    }

    @GetMapping(path = "/v3/api-docs", produces = MediaType.APPLICATION_JSON_VALUE)
    String json() throws IOException {
        return new ClassPathResource(FILE)
                .getContentAsString(StandardCharsets.UTF_8)
                .replace(COOKIE, cookie);
    }

    @GetMapping(path = "/v3/api-docs.yaml", produces = "application/vnd.oai.openapi")
    String yaml() throws IOException {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        Yaml yaml = new Yaml(options);
        return yaml.dump(yaml.load(json())); // JSON is YAML, too
    }
}
