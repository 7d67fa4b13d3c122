#ifndef LANDSCAPE_PNG_ENCODE_H
#define LANDSCAPE_PNG_ENCODE_H

// libpng reports errors by longjmp, which must not cross Swift frames: the whole encoding happens in here.

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  png_bytep bytes;  // malloc'ed; the caller frees it
  size_t count;
  size_t capacity;
  char error[128];  // empty on success
} png_encoded;

typedef struct {
  png_uint_32 width, height;
  int color_type;               // PNG_COLOR_TYPE_PALETTE, _RGB or _RGB_ALPHA
  int bit_depth;                // 8, or 1, 2, 4 with a palette
  png_const_bytep pixels;       // rows without padding, packed as the bit depth says
  size_t row_bytes;
  png_const_colorp palette;     // for PALETTE
  int palette_count;
  png_uint_32 pixels_per_metre; // 0: no pHYs chunk
  png_textp texts;
  int text_count;
} png_picture;

static void png_encoded_append(png_structp png, png_bytep bytes, size_t count) {
  png_encoded *out = (png_encoded *)png_get_io_ptr(png);
  if (out->count + count > out->capacity) {
    size_t capacity = (out->count + count) * 2;
    png_bytep grown = (png_bytep)realloc(out->bytes, capacity);
    if (!grown) png_error(png, "out of memory");
    out->bytes = grown;
    out->capacity = capacity;
  }
  memcpy(out->bytes + out->count, bytes, count);
  out->count += count;
}

static void png_encoded_flush(png_structp png) { (void)png; }

static void png_encoded_fail(png_structp png, png_const_charp message) {
  png_encoded *out = (png_encoded *)png_get_error_ptr(png);
  strncpy(out->error, message, sizeof out->error - 1);
  png_longjmp(png, 1);
}

static void png_encoded_warn(png_structp png, png_const_charp message) { (void)png, (void)message; }

// Encodes a whole picture at the highest compression; `filters` is a mask of PNG_FILTER_*.
static inline png_encoded png_encode(const png_picture *picture, int filters) {
  png_encoded out;
  memset(&out, 0, sizeof out);
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &out, png_encoded_fail, png_encoded_warn);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    png_destroy_write_struct(&png, NULL);
    strcpy(out.error, "out of memory");
    return out;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    return out;
  }
  png_set_write_fn(png, &out, png_encoded_append, png_encoded_flush);
  png_set_compression_level(png, 9);
  png_set_filter(png, PNG_FILTER_TYPE_BASE, filters);
  png_set_IHDR(png, info, picture->width, picture->height, picture->bit_depth, picture->color_type,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_BASE, PNG_FILTER_TYPE_BASE);
  if (picture->palette_count > 0) png_set_PLTE(png, info, picture->palette, picture->palette_count);
  if (picture->pixels_per_metre)
    png_set_pHYs(png, info, picture->pixels_per_metre, picture->pixels_per_metre, PNG_RESOLUTION_METER);
  if (picture->text_count > 0) png_set_text(png, info, picture->texts, picture->text_count);
  png_write_info(png, info);
  for (png_uint_32 row = 0; row < picture->height; row++)
    png_write_row(png, picture->pixels + row * picture->row_bytes);
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return out;
}

#endif
