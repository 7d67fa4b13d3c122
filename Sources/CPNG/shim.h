#include <png.h>
#include "encode.h"
