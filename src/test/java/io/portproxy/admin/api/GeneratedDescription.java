package io.portproxy.admin.api;

import io.portproxy.admin.problem.ProblemTypes;
import io.portproxy.admin.security.LoginSecret;
import io.portproxy.admin.security.Rights;
import io.swagger.v3.core.util.AnnotationsUtils;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.springdoc.core.configuration.SpringDocConfiguration;
import org.springdoc.core.configuration.SpringDocJavadocConfiguration;
import org.springdoc.core.configuration.SpringDocSecurityConfiguration;
import org.springdoc.core.customizers.OpenApiBuilderCustomizer;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.webmvc.core.configuration.SpringDocWebMvcConfiguration;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.mock.web.MockServletContext;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.result.MockMvcResultMatchers;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Makes the description of the API from the controllers of a process. The Javadoc of the controllers and records describes
 * operations, parameters and fields. This class adds what all operations have in common.
 */
@EnableConfigurationProperties
@Import({
    SpringDocConfiguration.class,
    SpringDocConfigProperties.class,
    SpringDocJavadocConfiguration.class,
    SpringDocSecurityConfiguration.class,
    SpringDocWebMvcConfiguration.class
})
class GeneratedDescription {
    private static final String PROBLEM = "Problem";
    private static final Set<HttpMethod> LOOKING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    /** The errors that any operation may return. */
    private static final Map<Integer, String> ALWAYS = Map.of(
            400, "a parameter does not exist, or its value is wrong; parameter says which",
            401, "the user or token is missing or wrong",
            406, "the request accepts no type in which this can be answered",
            429, "too many wrong passwords or tokens came from the address; Retry-After says for how long",
            500, "a bug; the log says more",
            503, "the process cannot answer in time; try again");

    /** Returns the description of the API of a process, in JSON. */
    static String of(ConfigurableApplicationContext process) throws Exception {
        try (AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext()) {
            context.setParent(process);
            context.setServletContext(new MockServletContext());
            context.setEnvironment(new StandardEnvironment());
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "springdoc",
                            Map.of(
                                    "springdoc.paths-to-match",
                                    "/api/**",
                                    // errors are described below
                                    "springdoc.override-with-generic-response",
                                    false)));
            context.register(GeneratedDescription.class);
            context.refresh();
            return MockMvcBuilders.webAppContextSetup(context)
                    .build()
                    .perform(MockMvcRequestBuilders.get("/v3/api-docs"))
                    .andExpect(MockMvcResultMatchers.status().isOk())
                    .andReturn()
                    .getResponse()
                    .getContentAsString(StandardCharsets.UTF_8);
        }
    }

    /** Maps the request for this description. It comes before the application's mapping, which knows the file. */
    @Bean
    RequestMappingHandlerMapping descriptionMapping() {
        RequestMappingHandlerMapping mapping = new RequestMappingHandlerMapping();
        mapping.setOrder(-1);
        return mapping;
    }

    /** Registers the application's mapping of its controllers here, because springdoc looks only in its own context. */
    @Bean
    static BeanFactoryPostProcessor applicationsMappings(ApplicationContext context) {
        String name = "requestMappingHandlerMapping";
        return factory -> factory.registerSingleton(name, parent(context).getBean(name));
    }

    @Bean
    OpenApiBuilderCustomizer applicationsControllers(ApplicationContext context) {
        return service -> service.addMappings(parent(context).getBeansWithAnnotation(RestController.class));
    }

    private static ApplicationContext parent(ApplicationContext context) {
        return Objects.requireNonNull(context.getParent());
    }

    @Bean
    OpenAPI adminApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("PortProxy admin API")
                        .version("v1")
                        .description("What operators see and do. A field that is null is unknown, or does not apply."
                                + " Times are UTC as in RFC 3339, with milliseconds; durations end in Millis and"
                                + " are milliseconds; sizes are bytes. Errors are problems (RFC 9457) whose type"
                                + " never changes its meaning. Viewers may read (GET), operators may also close and"
                                + " disconnect, and admins may do everything.")
                        .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
                .servers(List.of(new Server().url("/").description("This process.")))
                .components(new Components()
                        .addSecuritySchemes(
                                "basic",
                                scheme(SecurityScheme.Type.HTTP, "a user's name and password")
                                        .scheme("basic"))
                        .addSecuritySchemes(
                                "bearer",
                                scheme(SecurityScheme.Type.HTTP, "a token (portproxy.admin.tokens)")
                                        .scheme("bearer"))
                        .addSecuritySchemes(
                                "session",
                                scheme(SecurityScheme.Type.APIKEY, "the session of a user who has logged in at /login")
                                        .in(SecurityScheme.In.COOKIE)
                                        .name(DescriptionController.COOKIE))
                        .addSecuritySchemes(
                                "secret",
                                scheme(
                                                SecurityScheme.Type.APIKEY,
                                                "the secret in the answer to the login; belongs to the session")
                                        .in(SecurityScheme.In.HEADER)
                                        .name(LoginSecret.HEADER)))
                .security(List.of(
                        new SecurityRequirement().addList("basic"),
                        new SecurityRequirement().addList("bearer"),
                        new SecurityRequirement().addList("session").addList("secret")));
    }

    private static SecurityScheme scheme(SecurityScheme.Type type, String description) {
        return new SecurityScheme().type(type).description(description);
    }

    private static Schema<?> problem() {
        Schema<?> problem = new ObjectSchema().description("What went wrong (RFC 9457).");
        problem.setRequired(List.of("type", "title", "status", "detail"));
        problem.addProperty(
                "type",
                text("The address of what this server's documentation says of the kind of problem; never changes its"
                                + " meaning.")
                        .format("uri-reference"));
        problem.addProperty("title", text("The same for people, in a few words."));
        problem.addProperty(
                "status",
                new IntegerSchema()
                        .description("The HTTP status.")
                        .minimum(new BigDecimal(400))
                        .maximum(new BigDecimal(599)));
        problem.addProperty("detail", text("What is wrong here and what to do; for people, and may change."));
        problem.addProperty(
                "instance",
                text("The path of the request; not of one that is no proper path.")
                        .format("uri-reference"));
        Schema<?> wrong = new ObjectSchema().description("One thing that is wrong with a document.");
        wrong.setRequired(List.of("pointer", "detail"));
        wrong.addProperty("pointer", text("Where in the document it is, a JSON pointer (RFC 6901)."));
        wrong.addProperty("value", text("What was written there."));
        wrong.addProperty("detail", text("What is wrong, and what to write instead."));
        problem.addProperty("errors", new ArraySchema().items(wrong).description("All that is wrong with a document."));
        problem.addProperty("parameter", text("The parameter that is wrong, where one is."));
        return problem;
    }

    private static Schema<?> text(String description) {
        return new StringSchema().description(description);
    }

    @Bean
    OpenApiCustomizer whatOperationsHaveInCommon() {
        return api -> {
            api.getComponents().addSchemas(PROBLEM, problem());
            LoginOperations.addTo(api);
            api.getComponents().getSchemas().forEach(ApiSchemas::complete);
            api.getPaths().forEach(GeneratedDescription::describe);
            ApiTexts.mend(api);
            if (api.getTags() != null) {
                api.getTags().forEach(tag -> tag.setName(shortName(tag)));
            }
        };
    }

    private static void describe(String name, PathItem path) {
        path.readOperationsMap().forEach((method, operation) -> {
            Optional.ofNullable(operation.getParameters()).orElse(List.of()).forEach(GeneratedDescription::limit);
            operation.getResponses().values().stream()
                    .filter(answer -> "OK".equals(answer.getDescription()))
                    .forEach(answer -> answer.setDescription("The answer."));
            operation.setTags(operation.getTags().stream()
                    .map(tag -> shortName(new Tag().name(tag)))
                    .toList());
            Map<Integer, String> errors = new TreeMap<>(ALWAYS);
            if (!LOOKING.contains(method)) {
                errors.put(403, "the user's role does not allow this request, or a page of another site has sent it");
            } else if (Rights.isForAdminsAlone(name)) {
                errors.put(403, "only an admin may read this");
            }
            if (changes(operation)) {
                errors.put(409, "a file declares it, or a name or an address is taken; nothing was changed");
                errors.put(412, "it has been changed since; nothing was changed");
                errors.put(413, "the body is too large");
                errors.put(422, "the document is wrong, see `errors`; nothing was changed");
                errors.put(428, "If-Match is missing");
            }
            if (hasPathParameter(operation)) {
                errors.put(404, "what the path names is not there");
            }
            errors.forEach((status, meaning) ->
                    operation.getResponses().addApiResponse(Integer.toString(status), error(status, meaning)));
        });
    }

    /** Returns whether the operation changes the configuration. */
    private static boolean changes(Operation operation) {
        return operation.getRequestBody() != null
                || Optional.ofNullable(operation.getParameters()).orElse(List.of()).stream()
                        .anyMatch(parameter -> "dry-run".equals(parameter.getName()));
    }

    /** Adds the possible values of a parameter. springdoc gives parameters of the same type the same schema, so each gets its own. */
    private static void limit(Parameter parameter) {
        Schema<?> schema = AnnotationsUtils.clone(parameter.getSchema(), true);
        parameter.setSchema(schema);
        switch (parameter.getName()) {
            case "role" -> ApiSchemas.setEnum(schema, ApiSchemas.ROLES, false);
            case "state" -> ApiSchemas.setEnum(schema, ApiSchemas.CONNECTION_STATES, false);
            case "type" -> ApiSchemas.setEnum(schema.getItems(), ApiSchemas.EVENT_TYPES, false);
            case "by" -> ApiSchemas.setEnum(schema, UsageParameters.SPANS, false);
            case "per" -> ApiSchemas.setEnum(schema, UsageParameters.PERS, false);
            case "sort" -> schema.setPattern(ConnectionQuery.SORT_PATTERN);
            case "identity" -> schema.setPattern("^[0-9a-fA-F]{1,12}$");
            case "Last-Event-ID" -> schema.setPattern("^[0-9]{1,18}$");
            case "page", "recent" -> schema.setMinimum(BigDecimal.ZERO);
            case "size" -> {
                schema.setMinimum(BigDecimal.ONE);
                schema.setMaximum(new BigDecimal(ConnectionQuery.MAX_SIZE));
            }
            default -> {} // any text
        }
    }

    private static boolean hasPathParameter(Operation operation) {
        return operation.getParameters() != null
                && operation.getParameters().stream().anyMatch(parameter -> "path".equals(parameter.getIn()));
    }

    private static ApiResponse error(int status, String meaning) {
        ApiResponse response = new ApiResponse()
                .description("`" + ProblemTypes.type(status) + "`: " + ApiTexts.text(meaning))
                .content(new Content()
                        .addMediaType(
                                org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                                new MediaType().schema(new Schema<>().$ref(PROBLEM))));
        if (status == 429 || status == 503) {
            response.addHeaderObject(
                    "Retry-After", new Header().description("Seconds to wait.").schema(new IntegerSchema()));
        }
        return response;
    }

    private static String shortName(Tag tag) {
        return tag.getName().replaceFirst("-controller$", "");
    }
}
