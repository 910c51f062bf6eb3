package io.portproxy.admin.api;

import io.portproxy.admin.security.Browser;
import io.portproxy.admin.security.LoginSecret;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.List;

/** Describes login and logout for the dashboard's pages. Spring Security answers these requests, so no controller describes them. */
final class LoginOperations {
    private static final String TAG = "login";
    private static final String LOGIN = "Login";

    private LoginOperations() {}

    static void addTo(OpenAPI api) {
        api.addTagsItem(new Tag()
                .name(TAG)
                .description(
                        "The login of a page. Programs need none: they show a password or a token with each request."));
        api.getComponents()
                .addSchemas(
                        LOGIN,
                        object(
                                "What a page gets when its user has logged in.",
                                "secret",
                                "The secret of the login, which each request shows in " + LoginSecret.HEADER + "."));
        api.path(Browser.LOGIN, new PathItem().post(login()));
        api.path("/logout", new PathItem().post(logout()));
    }

    private static Operation login() {
        Schema<?> form = object("A user's name and password.", "username", "The user's name.");
        form.addProperty(
                "password",
                new StringSchema().description("The user's password.").format("password"));
        form.setRequired(List.of("username", "password"));
        return new Operation()
                .operationId("logIn")
                .addTagsItem(TAG)
                .summary("Logs a user in.")
                .description(
                        "Logs a user in. The answer sets the session's cookie, and has the secret that goes with it.")
                .security(List.of())
                .requestBody(
                        new RequestBody().required(true).content(content("application/x-www-form-urlencoded", form)))
                .responses(new ApiResponses()
                        .addApiResponse(
                                "200",
                                new ApiResponse()
                                        .description("The user is logged in.")
                                        .content(content("application/json", new Schema<>().$ref(LOGIN)))));
    }

    private static Operation logout() {
        return new Operation()
                .operationId("logOut")
                .addTagsItem(TAG)
                .summary("Ends a login.")
                .description("Ends a login. Its session is gone then, and streams of events that it has opened end.")
                .security(List.of(new SecurityRequirement().addList("session").addList("secret")))
                .responses(new ApiResponses()
                        .addApiResponse("204", new ApiResponse().description("The login has ended.")));
    }

    private static Content content(String type, Schema<?> schema) {
        return new Content().addMediaType(type, new MediaType().schema(schema));
    }

    private static Schema<?> object(String description, String field, String fieldDescription) {
        Schema<?> object = new ObjectSchema().description(description);
        object.addProperty(field, new StringSchema().description(fieldDescription));
        object.setRequired(List.of(field));
        return object;
    }
}
